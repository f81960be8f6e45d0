package io.ait4j.compiler;

import io.ait4j.compiler.build.BuildRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A compiled partition.
 *
 * @param library the shared library, in the build cache
 * @param constants what a run needs beside its inputs: weights as they are in the model, and what
 *     was folded and packed from them; in the order of the library's table
 * @param raw weights as they are in the model that folding alone reads: who wants to set new ones
 *     needs them
 * @param sources the graph's value that each weight among them is, by the constant's name
 * @param build what the library was made by, and what it needs
 */
public record CompiledPartition(
    Path library,
    List<Constant> constants,
    List<Constant> raw,
    Map<String, String> sources,
    BuildRecord build,
    CompileReport report) {
  public CompiledPartition {
    constants = List.copyOf(constants);
    raw = List.copyOf(raw);
    sources = Map.copyOf(sources);
  }
}
