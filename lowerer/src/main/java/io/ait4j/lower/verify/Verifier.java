package io.ait4j.lower.verify;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Converts a model, runs it on its recorded inputs and compares with its recorded outputs.
 *
 * @param tolerance for every output; that of its type if empty
 */
public record Verifier(LowerSettings settings, OptionalDouble tolerance) {

  /** Converts and verifies one model. Failures are in the result, not thrown. */
  public VerifyResult verify(ModelFolder model, Consumer<String> progress) {
    Verification verification = new Verification(model.name());
    Path work = null;
    try (SampleFile sample = SampleFile.open(model.samples())) {
      work = Files.createTempDirectory("ait4j-verify");
      Path file = work.resolve("model.aitm");
      long start = System.nanoTime();
      LoweringReport report =
          ModelConversion.convert(
              model.model(), ImportSettings.of(sample.inputSpecs()), settings, file, progress);
      verification.converted(report, start);
      progress.accept("running " + model.name());
      run(file, sample, verification);
    } catch (IOException e) {
      verification.fail(
          new ModelException(ModelException.Kind.IO, "no temporary folder: " + e.getMessage(), e));
    } catch (RuntimeException e) {
      verification.fail(e);
    } finally {
      discard(work);
    }
    return verification.result();
  }

  /** Verifies a converted model. Failures are in the result, not thrown. */
  public VerifyResult verify(Path aitm, SampleFile sample) {
    Verification verification = new Verification(aitm.getFileName().toString());
    try {
      run(aitm, sample, verification);
    } catch (RuntimeException e) {
      verification.fail(e);
    }
    return verification.result();
  }

  private void run(Path aitm, SampleFile sample, Verification verification) {
    if (sample.outputs().isEmpty()) {
      throw new ModelException(
          ModelException.Kind.IMPORT, sample.path() + " has no tensor 'output0' to compare with");
    }
    verification.running();
    LoadSettings load = new LoadSettings(settings.cacheDir(), settings.threads());
    try (LoweredModule module = LoweredModule.load(aitm, load);
        Arena arena = Arena.ofShared()) {
      List<NativeTensor> outputs = module.run(sample.inputs(), arena);
      verification.ran(module.report(), module.borderCopiesBytes());
      long again = System.nanoTime();
      module.run(sample.inputs(), arena);
      verification.timed(again);
      verification.compare(outputs, sample.outputs(), tolerance);
    }
  }

  private static void discard(Path work) {
    if (work == null) {
      return;
    }
    try {
      Files.deleteIfExists(work.resolve("model.aitm"));
      Files.deleteIfExists(work);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, work + " cannot be deleted: " + e.getMessage(), e);
    }
  }
}
