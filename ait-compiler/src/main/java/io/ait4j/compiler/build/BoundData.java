package io.ait4j.compiler.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a self-contained library brings along beside its code, in the form {@code bound_constants.h}
 * describes.
 *
 * @param file that the constants' bytes are copied from
 * @param constants in the order of the library's table
 * @param inputs what the model calls them, in order
 * @param outputs likewise
 */
public record BoundData(
    Path file, List<Bytes> constants, List<String> inputs, List<String> outputs) {
  /** Of one object file: the assembler keeps all of it in memory. */
  private static final long MOST_BYTES = 512L << 20;

  /** Beyond it, code may be too far from its data for 32-bit distances. */
  private static final long SMALL = 1L << 30;

  /** Of one directive. */
  private static final long CHUNK = 128L << 20;

  /**
   * A constant.
   *
   * @param source what the model calls it; null if it is none of the model's
   * @param position in the file; -1 if the library does not have it
   */
  public record Bytes(String source, long position, long bytes) {}

  public BoundData {
    constants = List.copyOf(constants);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The C++ file with the tables. */
  String tables() {
    StringBuilder text = new StringBuilder("#include \"bound_constants.h\"\nextern \"C\" {\n");
    for (int i = 0; i < constants.size(); i++) {
      text.append("extern const char ait_bound_").append(i).append("[];\n");
    }
    text.append("}\n");
    table(
        "const void* const data[]",
        IntStream.range(0, constants.size())
            .mapToObj(i -> constants.get(i).position < 0 ? "nullptr" : "ait_bound_" + i)
            .toList(),
        text);
    names("sources", constants.stream().map(BoundData::source).toList(), text);
    names("inputs", inputs.stream().map(CppLiteral::of).toList(), text);
    names("outputs", outputs.stream().map(CppLiteral::of).toList(), text);
    return text.append(
            """
            static const ait::BoundConstants bound = {data, sources, inputs, outputs};
            const ait::BoundConstants* ait4j_bound_constants(void) { return &bound; }
            """)
        .toString();
  }

  private static String source(Bytes constant) {
    return constant.source == null ? "nullptr" : CppLiteral.of(constant.source);
  }

  private static void names(String table, List<String> names, StringBuilder text) {
    table("const char* const " + table + "[]", names, text);
  }

  private static void table(String declaration, List<String> values, StringBuilder text) {
    text.append(
        values.stream()
            .map(value -> value + ", ")
            .collect(Collectors.joining("", "static " + declaration + " = {", "nullptr};\n")));
  }

  /**
   * Assembler files with the bytes.
   *
   * @param name of the file as the assembler finds it
   */
  List<String> assembly(String name) {
    long all = constants.stream().mapToLong(Bytes::bytes).sum();
    // The assembler's flag l: sections of the large model, which lie beyond all that code refers
    // to.
    String section =
        all > SMALL && System.getProperty("os.arch").equals("amd64")
            ? ".lrodata.ait_bound,\"al\""
            : ".rodata.ait_bound,\"a\"";
    return parts().stream().map(part -> assembly(part, section, name)).toList();
  }

  private List<List<Integer>> parts() {
    List<List<Integer>> parts = new ArrayList<>();
    long room = 0;
    for (int i = 0; i < constants.size(); i++) {
      if (constants.get(i).position >= 0) {
        if (parts.isEmpty() || constants.get(i).bytes > room) {
          parts.add(new ArrayList<>());
          room = MOST_BYTES;
        }
        parts.getLast().add(i);
        room -= constants.get(i).bytes;
      }
    }
    return parts;
  }

  private String assembly(List<Integer> part, String section, String name) {
    StringBuilder text = new StringBuilder(".section " + section + ",@progbits\n");
    for (int i : part) {
      text.append(
          ".balign 64\n.globl ait_bound_%1$d\n.hidden ait_bound_%1$d\nait_bound_%1$d:\n"
              .formatted(i));
      Bytes constant = constants.get(i);
      for (long at = 0; at < constant.bytes; at += CHUNK) {
        text.append(
            ".incbin \"%s\", %d, %d\n"
                .formatted(name, constant.position + at, Math.min(CHUNK, constant.bytes - at)));
      }
      text.append(".byte 0\n"); // so that an empty one has a place of its own
    }
    return text.append(".section .note.GNU-stack,\"\",@progbits\n").toString();
  }
}
