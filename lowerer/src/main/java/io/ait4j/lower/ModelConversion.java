package io.ait4j.lower;

import io.ait4j.compiler.build.Target;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.fx.reader.ModelReader;
import io.ait4j.lower.proto.Variant;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** From a model file to an {@code .aitm} file: import, lower, write. */
public final class ModelConversion {
  private ModelConversion() {}

  /**
   * Converts a model file of any {@link ModelFormat}, told by its content. TorchScript needs
   * libtorch, unless the same conversion is in the cache folder.
   *
   * @param out appears whole or not at all
   * @param progress hears what is being done
   * @return how the model was split, and why
   * @throws ModelException as {@link ModelReader#read}, {@link AitLowerer#lower} and {@link
   *     LoweredModel#write} do
   */
  public static LoweringReport convert(
      Path model,
      ImportSettings imports,
      LowerSettings settings,
      Path out,
      Consumer<ConversionStep> progress) {
    return convert(model, imports, settings, List.of(settings.target()), out, progress).getFirst();
  }

  /**
   * Converts for several targets into one file, of which the loader takes the best that fits.
   *
   * @param targets in place of that of the settings, at least one, each of them once
   * @return how the model was split for each target, and why
   */
  public static List<LoweringReport> convert(
      Path model,
      ImportSettings imports,
      LowerSettings settings,
      List<Target> targets,
      Path out,
      Consumer<ConversionStep> progress) {
    WholeFile.requirePlace(out);
    List<LowerSettings> each = targets.stream().map(settings::withTarget).toList();
    progress.accept(
        new ConversionStep(ConversionStep.Phase.IMPORT, "looking for " + model + " in the cache"));
    ConversionCache cache = ConversionCache.of(model, imports, each);
    Optional<List<LoweringReport>> cached = cache.find(out);
    if (cached.isPresent()) {
      return cached.get();
    }
    progress.accept(new ConversionStep(ConversionStep.Phase.IMPORT, "reading " + model));
    try (ImportedModel imported = ModelReader.read(model, imports);
        ConstantFile constants = ConstantFile.in(out.toAbsolutePath().getParent())) {
      return lower(imported.graph(), each, constants, out, progress, cache::insert);
    }
  }

  /**
   * Lowers the graph of an {@code .aitm} file again, with the settings that it was lowered with.
   *
   * @param targets what to compile for; empty for the file's own targets
   * @param settings the cache folder, and how many compilers may run at once
   * @return how the model was split for each target, and why
   * @throws ModelException (USAGE) if the file has not all of the model's weights; (IMPORT) if it
   *     is damaged; as {@link AitLowerer#lower} and {@link LoweredModel#write} do
   */
  public static List<LoweringReport> recompile(
      Path aitm,
      List<Target> targets,
      LowerSettings settings,
      Path out,
      Consumer<ConversionStep> progress) {
    WholeFile.requirePlace(out);
    progress.accept(new ConversionStep(ConversionStep.Phase.IMPORT, "reading " + aitm));
    try (Arena arena = Arena.ofShared();
        ConstantFile constants = ConstantFile.in(out.toAbsolutePath().getParent())) {
      AitmFile file = AitmFile.map(aitm, arena);
      Recompilation again = new Recompilation(file);
      List<Variant> variants = file.manifest().getVariantsList();
      List<LowerSettings> each =
          targets.isEmpty()
              ? variants.stream().map(variant -> again.settings(variant, settings)).toList()
              : targets.stream()
                  .map(again.settings(variants.getFirst(), settings)::withTarget)
                  .toList();
      return lower(again.graph(), each, constants, out, progress, (part, reports) -> {});
    }
  }

  private static List<LoweringReport> lower(
      FxGraph graph,
      List<LowerSettings> targets,
      ConstantFile constants,
      Path out,
      Consumer<ConversionStep> progress,
      BiConsumer<Path, List<LoweringReport>> written) {
    List<LoweredModel> lowered = new ArrayList<>();
    for (LowerSettings settings : targets) {
      int index = lowered.size();
      String target = settings.target().spelling();
      Consumer<ConversionStep> heard =
          targets.size() == 1
              ? progress
              : step -> progress.accept(step.ofTarget(index, targets.size(), target));
      lowered.add(AitLowerer.lower(graph, settings, constants, heard));
    }
    List<LoweringReport> reports = lowered.stream().map(LoweredModel::report).toList();
    progress.accept(new ConversionStep(ConversionStep.Phase.WRITE, "writing " + out));
    LoweredModel.write(lowered, out, part -> written.accept(part, reports));
    return reports;
  }
}
