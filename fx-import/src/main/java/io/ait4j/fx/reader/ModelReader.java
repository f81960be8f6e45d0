package io.ait4j.fx.reader;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.export.ExportReader;
import io.ait4j.fx.onnx.OnnxReader;
import io.ait4j.fx.torchscript.TorchScriptReader;
import io.ait4j.fx.weights.WeightBinding;
import java.nio.file.Path;
import java.util.List;

/** Reads a model of any format. */
public final class ModelReader {
  private ModelReader() {}

  /**
   * Reads {@code file}.
   *
   * @throws ModelException (IMPORT) if it is no model that can be read, or for TorchScript if
   *     libtorch is not there; (USAGE) if the settings' inputs or weights do not fit it
   */
  public static ImportedModel read(Path file, ImportSettings settings) {
    ModelFormat format = ModelFormat.of(file);
    ImportedModel model = read(file, format, settings.inputs());
    return settings.weights().map(weights -> WeightBinding.bind(model, weights)).orElse(model);
  }

  private static ImportedModel read(Path file, ModelFormat format, List<InputSpec> inputs) {
    return switch (format) {
      case TORCHSCRIPT -> torchScript(file, inputs);
      case ONNX -> OnnxReader.read(file, inputs);
      case EXPORT -> ExportReader.read(file, inputs);
    };
  }

  private static ImportedModel torchScript(Path file, List<InputSpec> inputs) {
    if (inputs.isEmpty()) {
      throw usage(
          "TorchScript does not say what types its inputs have: give --input"
              + " NAME=float32[1,3,224,224] for each, or --sample-inputs io.safetensors");
    }
    try {
      return TorchScriptReader.read(file, inputs);
    } catch (LinkageError e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "reading TorchScript needs libtorch, which is not there ("
              + e
              + "); put org.bytedeco:pytorch with its native jar for this platform on the class"
              + " path",
          e);
    }
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
