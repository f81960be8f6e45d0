package io.ait4j.lower.cli;

import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.lower.text.InputText;
import io.ait4j.lower.verify.SampledTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a user says what a model's inputs and weights are. */
final class InputOptions {
  @Option(
      names = "--input",
      paramLabel = "NAME=DTYPE[SIZES]",
      description =
          "An input, for example image=float32[1,3,224,224]; repeat for each. Without NAME= it is"
              + " the next one by position. A size may be a range, 1..16, or a named one,"
              + " batch=1..16: one size wherever the name stands. A .pt2 or ONNX model says its"
              + " inputs itself; what is given here narrows them.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--sample-inputs",
      paramLabel = "FILE.safetensors",
      description =
          "Tensors input0, input1, ... whose types a TorchScript model's inputs have. Given twice,"
              + " sizes that differ are dynamic, with the range between.")
  private List<Path> sampleInputs = new ArrayList<>();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "A checkpoint (safetensors, its sharded index, or torch.save) whose tensors take the place"
              + " of the model's, by name.")
  private Path weights;

  /** The recordings. */
  List<Path> sampleFiles() {
    return sampleInputs;
  }

  /** How to read a model of this format. */
  ImportSettings settings(ModelFormat format) {
    return new ImportSettings(specs(format), Optional.ofNullable(weights));
  }

  private List<InputSpec> specs(ModelFormat format) {
    if (!inputs.isEmpty() && !sampleInputs.isEmpty() && format == ModelFormat.TORCHSCRIPT) {
      throw new ModelException(
          ModelException.Kind.USAGE, "give either --input or --sample-inputs, not both");
    }
    if (!inputs.isEmpty()) {
      return InputText.parse("--input", inputs);
    }
    // Other formats say what is dynamic; one recording must not make it static.
    return format == ModelFormat.TORCHSCRIPT && !sampleInputs.isEmpty()
        ? SampledTypes.ofFiles(sampleInputs)
        : List.of();
  }
}
