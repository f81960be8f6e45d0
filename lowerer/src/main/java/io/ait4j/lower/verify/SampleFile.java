package io.ait4j.lower.verify;

import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A mapped safetensors file with a model's inputs, {@code input0}, {@code input1}..., and what
 * PyTorch computed from them, {@code output0}, {@code output1}...
 *
 * @param inputs in order; at least one
 * @param outputs in order; empty if the file has none
 */
public record SampleFile(
    Path path, List<NativeTensor> inputs, List<NativeTensor> outputs, Arena arena)
    implements AutoCloseable {

  /**
   * Maps {@code file}.
   *
   * @throws ModelException (IMPORT) if it cannot be read or has no {@code input0}
   */
  public static SampleFile open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      Map<String, NativeTensor> tensors = Safetensors.read(file, arena).tensors();
      List<NativeTensor> inputs = numbered(tensors, "input");
      if (inputs.isEmpty()) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "%s has no tensor 'input0' (it has %s); name the inputs input0, input1, ..."
                .formatted(file, tensors.isEmpty() ? "none" : String.join(", ", tensors.keySet())));
      }
      return new SampleFile(file, inputs, numbered(tensors, "output"), arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static List<NativeTensor> numbered(Map<String, NativeTensor> tensors, String prefix) {
    List<NativeTensor> found = new ArrayList<>();
    while (tensors.containsKey(prefix + found.size())) {
      found.add(tensors.get(prefix + found.size()));
    }
    return List.copyOf(found);
  }

  /** The inputs' types, by position. */
  public List<InputSpec> inputSpecs() {
    return inputs.stream().map(input -> new InputSpec(null, input.meta())).toList();
  }

  /** Unmaps the file. */
  @Override
  public void close() {
    arena.close();
  }
}
