package io.ait4j.lower.cli;

import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.verify.SampleFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a user says what a model's inputs are. */
final class InputOptions {
  @Option(
      names = "--input",
      paramLabel = "NAME=DTYPE[SIZES]",
      description =
          "An input, for example image=float32[1,3,224,224]; repeat for each. Without NAME= it is"
              + " the next one by position.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--sample-inputs",
      paramLabel = "FILE.safetensors",
      description = "Tensors input0, input1, ... whose types the inputs have.")
  private Path sampleInputs;

  /** The recorded tensors, or null. */
  Path sampleFile() {
    return sampleInputs;
  }

  /** The inputs' types; an error that says how to give them if there are none. */
  List<InputSpec> specs() {
    if (!inputs.isEmpty() && sampleInputs != null) {
      throw new ModelException(
          ModelException.Kind.USAGE, "give either --input or --sample-inputs, not both");
    }
    if (sampleInputs != null) {
      try (SampleFile sample = SampleFile.open(sampleInputs)) {
        return sample.inputSpecs();
      }
    }
    if (inputs.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the types of the model's inputs are missing: give --input NAME=float32[1,3,224,224] for"
              + " each, or --sample-inputs io.safetensors");
    }
    return inputs.stream().map(InputText::parse).toList();
  }
}
