package io.ait4j.examples;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code export_model.py} recorded: the model's inputs and PyTorch's outputs, in the model's
 * order.
 */
record RecordedIo(List<NativeTensor> inputs, List<NativeTensor> outputs) {

  /**
   * @param arena how long the tensors live
   * @throws ModelException (IMPORT, USAGE) if the file cannot be read, or records nothing
   */
  static RecordedIo read(Path file, Arena arena) {
    Map<String, NativeTensor> tensors = Safetensors.read(file, arena).tensors();
    RecordedIo io = new RecordedIo(numbered(tensors, "input"), numbered(tensors, "output"));
    if (io.inputs.isEmpty() || io.outputs.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          file + " holds no input0 or no output0; export_model.py writes both");
    }
    return io;
  }

  private static List<NativeTensor> numbered(Map<String, NativeTensor> tensors, String prefix) {
    List<NativeTensor> found = new ArrayList<>();
    while (tensors.get(prefix + found.size()) instanceof NativeTensor tensor) {
      found.add(tensor);
    }
    return found;
  }
}
