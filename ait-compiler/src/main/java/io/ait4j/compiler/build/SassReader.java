package io.ait4j.compiler.build;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the listing that {@code cuobjdump -sass} prints. */
final class SassReader {
  private static final Pattern FUNCTION = Pattern.compile("\\s*Function : (\\S+)");
  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s*/\\*[0-9a-f]+\\*/\\s+(?:@!?\\S+\\s+)?([A-Z][A-Za-z0-9_.]*).*");

  private SassReader() {}

  /**
   * By function, what it multiplies with: {@code wgmma} (HGMMA, IGMMA...: a group of four warps
   * with operands in shared memory), else {@code mma} (HMMA, IMMA...: one warp with operands in
   * registers), else {@code FMA} (one number a thread); then the instruction and how often it
   * stands there. Functions with none are left out.
   */
  static Map<String, String> strongest(Stream<String> lines) {
    Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
    Map<String, Integer> current = new TreeMap<>();
    for (Iterator<String> all = lines.iterator(); all.hasNext(); ) {
      String line = all.next();
      Matcher function = FUNCTION.matcher(line);
      if (function.matches()) {
        current = counts.computeIfAbsent(function.group(1), name -> new TreeMap<>());
        continue;
      }
      Matcher instruction = INSTRUCTION.matcher(line);
      if (instruction.matches() && rank(instruction.group(1)) > 0) {
        current.merge(instruction.group(1), 1, Integer::sum);
      }
    }
    Map<String, String> found = new TreeMap<>();
    counts.forEach(
        (name, instructions) ->
            instructions.entrySet().stream()
                .max(
                    Comparator.<Map.Entry<String, Integer>>comparingInt(e -> rank(e.getKey()))
                        .thenComparingInt(Map.Entry::getValue))
                .ifPresent(most -> found.put(name, text(most.getKey(), most.getValue()))));
    return found;
  }

  private static String text(String instruction, int count) {
    String kind =
        switch (rank(instruction)) {
          case 3 -> "wgmma";
          case 2 -> "mma";
          default -> "FMA";
        };
    return "%s (%s, %d times)".formatted(kind, instruction, count);
  }

  private static int rank(String instruction) {
    String name = instruction.split("\\.", 2)[0];
    return name.matches("[A-Z]GMMA")
        ? 3
        : name.matches("[A-Z]MMA") ? 2 : name.matches("FFMA2?|DFMA|HFMA2") ? 1 : 0;
  }
}
