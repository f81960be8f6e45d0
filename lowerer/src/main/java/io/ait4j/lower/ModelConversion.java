package io.ait4j.lower;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.torchscript.TorchScriptReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** From a model file to an {@code .aitm} file: import, lower, write. */
public final class ModelConversion {
  private ModelConversion() {}

  /**
   * Converts a TorchScript file. Needs libtorch.
   *
   * @param inputs the types of the model's inputs
   * @param out appears whole or not at all
   * @param progress hears what is being done, a few words at a time
   * @return how the model was split, and why
   * @throws ModelException (IMPORT) if the model cannot be read for such inputs; otherwise as
   *     {@link AitLowerer#lower} and {@link LoweredModel#write} do
   */
  public static LoweringReport convert(
      Path model,
      List<InputSpec> inputs,
      LowerSettings settings,
      Path out,
      Consumer<String> progress) {
    progress.accept("reading " + model);
    try (ImportedModel imported = read(model, inputs);
        ConstantFile constants = ConstantFile.in(folderOf(out))) {
      LoweredModel lowered = AitLowerer.lower(imported.graph(), settings, constants, progress);
      progress.accept("writing " + out);
      lowered.write(out);
      return lowered.report();
    }
  }

  private static Path folderOf(Path out) {
    return out.toAbsolutePath().getParent();
  }

  private static ImportedModel read(Path model, List<InputSpec> inputs) {
    try {
      return TorchScriptReader.read(model, inputs);
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
}
