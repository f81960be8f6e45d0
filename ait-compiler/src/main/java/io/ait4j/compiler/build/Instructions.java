package io.ait4j.compiler.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Instruction sets that compilers use by themselves, as compilers and as Linux name them. */
public final class Instructions {
  /** By the macro with which a compiler says that it uses it. */
  private static final Map<String, String> BY_MACRO =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("__SSE3__", "pni"),
              Map.entry("__SSSE3__", "ssse3"),
              Map.entry("__SSE4_1__", "sse4_1"),
              Map.entry("__SSE4_2__", "sse4_2"),
              Map.entry("__POPCNT__", "popcnt"),
              Map.entry("__MOVBE__", "movbe"),
              Map.entry("__LZCNT__", "abm"),
              Map.entry("__BMI__", "bmi1"),
              Map.entry("__BMI2__", "bmi2"),
              Map.entry("__AVX__", "avx"),
              Map.entry("__AVX2__", "avx2"),
              Map.entry("__FMA__", "fma"),
              Map.entry("__F16C__", "f16c"),
              Map.entry("__GFNI__", "gfni"),
              Map.entry("__AVXVNNI__", "avx_vnni"),
              Map.entry("__AVX512F__", "avx512f"),
              Map.entry("__AVX512CD__", "avx512cd"),
              Map.entry("__AVX512BW__", "avx512bw"),
              Map.entry("__AVX512DQ__", "avx512dq"),
              Map.entry("__AVX512VL__", "avx512vl"),
              Map.entry("__AVX512IFMA__", "avx512ifma"),
              Map.entry("__AVX512VBMI__", "avx512vbmi"),
              Map.entry("__AVX512VBMI2__", "avx512_vbmi2"),
              Map.entry("__AVX512VNNI__", "avx512_vnni"),
              Map.entry("__AVX512BITALG__", "avx512_bitalg"),
              Map.entry("__AVX512VPOPCNTDQ__", "avx512_vpopcntdq"),
              Map.entry("__AVX512BF16__", "avx512_bf16"),
              Map.entry("__AVX512FP16__", "avx512_fp16"),
              Map.entry("__ARM_FEATURE_ATOMICS", "atomics"),
              Map.entry("__ARM_FEATURE_DOTPROD", "asimddp"),
              Map.entry("__ARM_FEATURE_FP16_VECTOR_ARITHMETIC", "asimdhp"),
              Map.entry("__ARM_FEATURE_BF16", "bf16"),
              Map.entry("__ARM_FEATURE_MATMUL_INT8", "i8mm"),
              Map.entry("__ARM_FEATURE_SVE", "sve"),
              Map.entry("__ARM_FEATURE_SVE2", "sve2")));

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final int FIRST_PROCESSOR = 16 << 10;
  private static final Pattern FLAGS =
      Pattern.compile("^(?:flags|Features)\\s*:(.*)$", Pattern.MULTILINE);

  private Instructions() {}

  /**
   * Those for which a compiler may have made code.
   *
   * @param macros its definitions, as {@code -dM -E} prints them
   */
  static List<String> of(String macros) {
    Set<String> defined = new TreeSet<>();
    macros.lines().map(line -> line.split(" ", 3)).forEach(words -> defined.add(words[1]));
    return BY_MACRO.entrySet().stream()
        .filter(entry -> defined.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }

  /** All that this machine's first processor has; empty if the system does not say. */
  public static Set<String> ofThisMachine() {
    try (InputStream in = Files.newInputStream(CPUINFO)) { // the rest repeats it, slowly
      String text = new String(in.readNBytes(FIRST_PROCESSOR), StandardCharsets.US_ASCII);
      return FLAGS
          .matcher(text)
          .results()
          .limit(1)
          .flatMap(found -> Arrays.stream(found.group(1).strip().split(" +")))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      return Set.of();
    }
  }
}
