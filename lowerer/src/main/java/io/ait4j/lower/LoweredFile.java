package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * What a model file says of itself, without loading it.
 *
 * @param report how the model was split, and why
 * @param graph the source graph as text, weights by name only
 */
public record LoweredFile(LoweringReport report, String graph) {
  /**
   * Reads {@code file}.
   *
   * @throws ModelException (IMPORT) if it is not a whole {@code .aitm}
   */
  public static LoweredFile read(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      AitmFile aitm = AitmFile.map(file, arena);
      return new LoweredFile(
          DeviceArithmetic.in(aitm), aitm.graph(AitmFile.GRAPH, name -> null).toString());
    }
  }
}
