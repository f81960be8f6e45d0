package io.ait4j.compiler;

import io.ait4j.compiler.build.BoundData;
import io.ait4j.compiler.codegen.ModelTables;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /**
   * The constants of a library in the order of its table.
   *
   * @throws ModelException (IMPORT) if one that runs read is missing, or one is of another size
   */
  List<BoundData.Bytes> table(Schedule schedule) {
    Map<String, Constant> byName = new HashMap<>();
    constants.forEach(constant -> byName.put(constant.name(), constant));
    Set<String> needed = ModelTables.readByRuns(schedule);
    return ModelTables.constants(schedule).stream()
        .map(
            buffer -> {
              Constant constant = byName.get(buffer.name());
              if (constant == null && needed.contains(buffer.name())) {
                throw wrong("it lacks the constant " + buffer.name());
              }
              return constant == null
                  ? new BoundData.Bytes(sources.get(buffer.name()), -1, 0)
                  : bytes(constant, buffer);
            })
        .toList();
  }

  private BoundData.Bytes bytes(Constant constant, Buffer buffer) {
    long bytes = constant.data().byteSize();
    // The size of one that is packed for a kernel is known to the library alone.
    if (constant.dtype() != buffer.dtype()
        || buffer.packedFor() == null && bytes != ModelTables.bytes(buffer)) {
      throw wrong(
          "its constant %s is %d bytes of %s, and the library's %d of %s"
              .formatted(
                  buffer.name(),
                  bytes,
                  constant.dtype().torchName(),
                  ModelTables.bytes(buffer),
                  buffer.dtype().torchName()));
    }
    return new BoundData.Bytes(sources.get(buffer.name()), positions.get(buffer.name()), bytes);
  }

  private ModelException wrong(String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        file + " does not fit its own library: " + why + "; convert the model again");
  }
}
