package io.ait4j.lower.verify;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelReader;
import io.ait4j.lower.ConversionStep;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.TorchReference;
import io.ait4j.lower.verify.VerifyResult.Reference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The verification of one model file. */
final class TargetRun {
  private final Verifier verifier;
  private final VerifyTarget target;
  private final Consumer<String> progress;
  private final List<SampleFile> samples = new ArrayList<>();
  private final List<VerifyResult> results = new ArrayList<>();
  private ImportSettings imports = ImportSettings.DEFAULT;
  private LoweringReport report;
  private double convertSeconds;

  TargetRun(Verifier verifier, VerifyTarget target, Consumer<String> progress) {
    this.verifier = verifier;
    this.target = target;
    this.progress = progress;
  }

  List<VerifyResult> run() {
    Path work = null;
    Verification whole = verification(target.samples().getFirst(), Reference.RECORDED);
    try {
      target.samples().forEach(path -> samples.add(SampleFile.open(path)));
      work = Files.createTempDirectory("ait4j-verify");
      Path aitm = work.resolve("model.aitm");
      work.toFile().deleteOnExit(); // for whoever interrupts this; the last asked for goes first
      aitm.toFile().deleteOnExit();
      convert(aitm);
      whole.converted(report, convertSeconds);
      whole.running();
      try (LoweredModule module = verifier.load(aitm)) {
        samples.forEach(sample -> recorded(module, sample));
        if (!module.symbols().isEmpty() || verifier.drawn() > 0) {
          withLibtorch(module);
        }
      }
    } catch (IOException e) {
      whole.fail(
          new ModelException(ModelException.Kind.IO, "no temporary folder: " + e.getMessage(), e));
      results.add(whole.result());
    } catch (RuntimeException e) {
      whole.fail(e);
      results.add(whole.result());
    } finally {
      samples.forEach(SampleFile::close);
      discard(work);
    }
    return List.copyOf(results);
  }

  private Verification verification(Path sample, Reference reference) {
    return new Verification(target, sample.getFileName().toString(), reference);
  }

  /** A .pt2 says itself what its inputs are, ONNX too unless it leaves sizes open. */
  private void convert(Path aitm) {
    if (target.format() == VerifyFormat.PT || target.format() == VerifyFormat.PT_DYNAMIC) {
      imports = ImportSettings.of(SampledTypes.of(samples));
    }
    long start = System.nanoTime();
    try {
      report =
          ModelConversion.convert(target.model(), imports, verifier.settings(), aitm, this::step);
    } catch (ModelException e) {
      if (target.format() != VerifyFormat.ONNX || e.kind() != ModelException.Kind.USAGE) {
        throw e;
      }
      imports = ImportSettings.of(SampledTypes.of(samples));
      report =
          ModelConversion.convert(target.model(), imports, verifier.settings(), aitm, this::step);
    }
    convertSeconds = (System.nanoTime() - start) / 1e9;
  }

  private void step(ConversionStep step) {
    progress.accept(step.toString());
  }

  private void recorded(LoweredModule module, SampleFile sample) {
    Verification verification = verification(sample.path(), Reference.RECORDED);
    verification.converted(report, convertSeconds);
    progress.accept("running " + target.name() + " on " + sample.path().getFileName());
    try {
      if (isForAnotherModel(module, sample)) {
        return;
      }
      verification.running();
      verifier.compare(module, sample, verification);
    } catch (RuntimeException e) {
      verification.fail(e);
    }
    results.add(verification.result());
  }

  /**
   * {@code io.safetensors} is of the static model; its sizes need not be in a dynamic one's range.
   */
  private boolean isForAnotherModel(LoweredModule module, SampleFile sample) {
    if (target.format() != VerifyFormat.PT2_DYNAMIC
        || samples.size() == 1
        || !sample.path().endsWith(VerifyFormat.SAMPLE)) {
      return false;
    }
    try {
      try (Arena arena = Arena.ofShared()) {
        module.sizes(verifier.taken(module, sample.inputs(), arena));
      }
      return false;
    } catch (ModelException e) {
      progress.accept("skipping " + sample.path().getFileName() + ": " + e.getMessage());
      return e.kind() == ModelException.Kind.USAGE;
    }
  }

  private void withLibtorch(LoweredModule module) {
    SampleFile sample = samples.getFirst();
    Map<String, Long> recorded;
    try (Arena arena = Arena.ofShared()) {
      recorded = module.sizes(verifier.taken(module, sample.inputs(), arena));
    }
    try (ImportedModel model = ModelReader.read(target.model(), imports);
        TorchReference reference = new TorchReference(verifier.settings().io().of(model.graph()))) {
      FxGraph graph = model.graph();
      for (SizeCase size : new SizeCases(graph, List.copyOf(module.symbols())).all()) {
        compare(module, reference, graph, size, recorded);
      }
      for (int i = 1; i <= verifier.drawn(); i++) {
        compare(module, reference, graph, new SizeCase(recorded, "drawn " + i), recorded);
      }
    }
  }

  private void compare(
      LoweredModule module,
      TorchReference reference,
      FxGraph graph,
      SizeCase size,
      Map<String, Long> recorded) {
    Verification verification = new Verification(target, size.label(), Reference.LIBTORCH);
    verification.converted(report, convertSeconds);
    progress.accept("running " + target.name() + " at " + size.label());
    SampleFile sample = samples.getFirst();
    Optional<Rows> rows = Rows.of(graph, module.inputs(), module.outputNames().size());
    long shared = rows.map(r -> r.shared(recorded, size.sizes())).orElse(0L);
    long seed = size.label().hashCode();
    try (Arena arena = Arena.ofShared()) {
      verification.running();
      DrawnInputs source =
          new DrawnInputs(module.inputs(), verifier.taken(module, sample.inputs(), arena));
      List<NativeTensor> inputs = source.draw(size.sizes(), shared, seed, arena);
      List<NativeTensor> expected = reference.run(inputs, arena);
      List<NativeTensor> outputs = verifier.run(module, inputs, arena, verification);
      verification.compare("libtorch", outputs, expected, verifier.tolerances());
      if (shared > 0 && !reproduces(expected, verifier.given(sample.outputs(), arena), shared)) {
        List<NativeTensor> others = source.draw(size.sizes(), shared, seed + 1, arena);
        if (areRows(expected, reference.run(others, arena), shared)) {
          verification.mismatch(
              "the first rows are recorded ones, but libtorch's results for them are not, so the"
                  + " model was imported wrongly");
        }
      }
    } catch (RuntimeException e) {
      verification.fail(e);
    }
    results.add(verification.result());
  }

  /** Whether the first rows of the outputs are those of the recording. */
  private boolean reproduces(List<NativeTensor> outputs, List<NativeTensor> recorded, long rows) {
    return recorded.size() == outputs.size() && agree(outputs, recorded, rows);
  }

  /** Whether the first rows do not depend on the others, which differ. */
  private boolean areRows(List<NativeTensor> some, List<NativeTensor> others, long rows) {
    return agree(some, others.stream().map(other -> Rows.head(other, rows)).toList(), rows);
  }

  private boolean agree(List<NativeTensor> outputs, List<NativeTensor> heads, long rows) {
    for (int i = 0; i < outputs.size(); i++) {
      NativeTensor head = heads.get(i);
      double tolerance = verifier.tolerances().of(head.dtype());
      if (Comparison.of(Rows.head(outputs.get(i), rows), head, tolerance).complaint().isPresent()) {
        return false;
      }
    }
    return true;
  }

  private static void discard(Path work) {
    if (work == null) {
      return;
    }
    try (var files = Files.list(work)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(work);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, work + " cannot be deleted: " + e.getMessage(), e);
    }
  }
}
