package io.ait4j.examples;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.lower.LoweredModule;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a converted model: {@code RunModel MODEL.aitm INPUTS.safetensors}, whose tensors are called
 * as the model's inputs, or {@code input0}, {@code input1}, ...
 *
 * <p>If the model is compiled as a whole, nothing of PyTorch is needed: neither {@code
 * org.bytedeco:pytorch} on the class path, nor Python.
 */
public final class RunModel {
  private RunModel() {}

  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: RunModel MODEL.aitm INPUTS.safetensors");
      System.exit(2);
    }
    try {
      run(Path.of(args[0]), Path.of(args[1]), System.out);
    } catch (ModelException e) {
      System.err.println("RunModel: " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(Path aitm, Path file, PrintStream out) {
    // Load once; run from any number of threads. Closing the arena frees inputs and outputs.
    try (LoweredModule model = LoweredModule.load(aitm);
        Arena arena = Arena.ofConfined()) {
      model.warmUp();
      List<NativeTensor> outputs = model.run(inputs(model, file, arena), arena);
      for (int i = 0; i < outputs.size(); i++) {
        NativeTensor output = outputs.get(i);
        out.printf("%s %s", model.outputNames().get(i), output);
        if (output.dtype() == DType.FLOAT32 && output.numel() > 0) {
          out.printf(" from %s on", output.data().getAtIndex(ValueLayout.JAVA_FLOAT, 0));
        }
        out.println();
      }
    }
  }

  private static List<NativeTensor> inputs(LoweredModule model, Path file, Arena arena) {
    Map<String, NativeTensor> tensors = Safetensors.read(file, arena).tensors(); // mapped
    List<NativeTensor> inputs = new ArrayList<>();
    for (FxValue input : model.inputs()) {
      NativeTensor byPlace = tensors.get("input" + inputs.size());
      NativeTensor tensor = tensors.getOrDefault(input.name(), byPlace);
      if (tensor == null) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "%s has no tensor '%s' or 'input%d'".formatted(file, input.name(), inputs.size()));
      }
      inputs.add(tensor);
    }
    return inputs;
  }
}
