package io.ait4j.lower;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.fx.reader.ModelReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** From a model file to an {@code .aitm} file: import, lower, write. */
public final class ModelConversion {
  private ModelConversion() {}

  /**
   * Converts a model file of any {@link ModelFormat}, told by its content. TorchScript needs
   * libtorch, unless the same conversion is in the cache folder.
   *
   * @param out appears whole or not at all
   * @param progress hears what is being done, a few words at a time
   * @return how the model was split, and why
   * @throws ModelException as {@link ModelReader#read}, {@link AitLowerer#lower} and {@link
   *     LoweredModel#write} do
   */
  public static LoweringReport convert(
      Path model,
      ImportSettings imports,
      LowerSettings settings,
      Path out,
      Consumer<String> progress) {
    WholeFile.requirePlace(out);
    progress.accept("looking for " + model + " in the cache");
    ConversionCache cache = ConversionCache.of(model, imports, settings);
    Optional<LoweringReport> cached = cache.find(out);
    if (cached.isPresent()) {
      return cached.get();
    }
    progress.accept("reading " + model);
    try (ImportedModel imported = ModelReader.read(model, imports);
        ConstantFile constants = ConstantFile.in(out.toAbsolutePath().getParent())) {
      LoweredModel lowered = AitLowerer.lower(imported.graph(), settings, constants, progress);
      progress.accept("writing " + out);
      lowered.write(out, part -> cache.insert(part, lowered.report()));
      return lowered.report();
    }
  }
}
