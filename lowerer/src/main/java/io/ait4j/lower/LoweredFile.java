package io.ait4j.lower;

import io.ait4j.fx.ModelException;
import io.ait4j.lower.proto.Variant;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * What a model file says of itself, without loading it.
 *
 * @param targets what it is compiled for, at least one
 * @param graph the source graph as text, weights by name only
 */
public record LoweredFile(List<Target> targets, String graph) {
  /**
   * The model for one target.
   *
   * @param report how the model was split, and why
   * @param compiler that made its libraries, with its version; empty if it has none
   * @param instructions that the processor must have, as Linux names them
   * @param glibc the oldest version of GLIBC that will do; empty if any will
   */
  public record Target(
      LoweringReport report, String compiler, List<String> instructions, String glibc) {
    public Target {
      instructions = List.copyOf(instructions);
    }
  }

  public LoweredFile {
    targets = List.copyOf(targets);
  }

  /**
   * Reads {@code file}.
   *
   * @throws ModelException (IMPORT) if it is not a whole {@code .aitm}
   */
  public static LoweredFile read(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      AitmFile aitm = AitmFile.map(file, arena);
      return new LoweredFile(
          aitm.consistent(
              () ->
                  aitm.manifest().getVariantsList().stream()
                      .map(variant -> target(aitm, variant))
                      .toList()),
          aitm.graph(AitmFile.GRAPH, name -> null).toString());
    }
  }

  private static Target target(AitmFile file, Variant variant) {
    return new Target(
        DeviceArithmetic.in(file, variant),
        variant.getRequirements().getCompiler(),
        variant.getRequirements().getInstructionsList(),
        variant.getRequirements().getGlibc());
  }

  /**
   * Reads every byte of {@code file} and compares it with what was written.
   *
   * @return how many bytes it holds
   * @throws ModelException (IMPORT) naming what is damaged or missing
   */
  public static long check(Path file) {
    try (Arena arena = Arena.ofShared()) {
      AitmFile aitm = AitmFile.map(file, arena);
      aitm.check();
      return aitm.entries().values().stream().mapToLong(entry -> entry.data().byteSize()).sum();
    }
  }
}
