package io.ait4j.fx.reader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Set;

/** The outermost fields of an ONNX model, without reading what is in them. */
final class OnnxOutline {
  /** Of ModelProto; the graph is the one that no other file would have by chance. */
  private static final int GRAPH = 7;

  private static final Set<Integer> NUMBERS = Set.of(1, 5);
  private static final Set<Integer> MESSAGES = Set.of(2, 3, 4, 6, GRAPH, 8, 14, 20, 25, 26);

  private OnnxOutline() {}

  /** Whether the file is a ModelProto with a graph, as far as its outline says. */
  static boolean matches(FileContent content) {
    boolean hasGraph = false;
    try (InputStream in = Files.newInputStream(content.file())) {
      for (long key = varint(in); key >= 0; key = varint(in)) {
        int field = (int) (key >>> 3);
        long value = varint(in);
        boolean isMessage = (key & 7) == 2;
        if (value < 0
            || !(isMessage ? MESSAGES : NUMBERS).contains(field)
            || !isMessage && (key & 7) != 0) {
          return false;
        }
        hasGraph |= field == GRAPH;
        if (isMessage) {
          in.skipNBytes(value);
        }
      }
      return hasGraph;
    } catch (IOException e) {
      return hasGraph; // cut off in its graph: its reader says so
    }
  }

  /** Negative at the end of the file. */
  private static long varint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    return -1;
  }
}
