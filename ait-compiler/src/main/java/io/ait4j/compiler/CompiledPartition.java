package io.ait4j.compiler;

import java.nio.file.Path;
import java.util.List;

/**
 * A compiled partition.
 *
 * @param library the shared library, in the build cache
 * @param constants what a run needs beside its inputs: weights as they are in the model, and what
 *     was folded and packed from them; in the order of the library's table
 */
public record CompiledPartition(Path library, List<Constant> constants, CompileReport report) {
  public CompiledPartition {
    constants = List.copyOf(constants);
  }
}
