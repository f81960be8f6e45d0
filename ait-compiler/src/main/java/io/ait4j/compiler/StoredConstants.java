package io.ait4j.compiler;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Constants of a compiled library as they lie in a file.
 *
 * @param constants in any order
 * @param positions in the file, by the constants' names
 * @param sources what the model calls those that are weights of it, by the constants' names
 */
public record StoredConstants(
    Path file, List<Constant> constants, Map<String, Long> positions, Map<String, String> sources) {
  public StoredConstants {
    constants = List.copyOf(constants);
    positions = Map.copyOf(positions);
    sources = Map.copyOf(sources);
  }
}
