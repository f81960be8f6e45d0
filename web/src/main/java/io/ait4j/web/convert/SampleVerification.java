package io.ait4j.web.convert;

import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.verify.SampleFile;
import io.ait4j.lower.verify.Verifier;
import io.ait4j.lower.verify.VerifyResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Runs what was converted on its samples, and compares with the outputs recorded there. */
record SampleVerification(WorkerTask task, LowerSettings lowering, WorkerVoice voice) {

  /** Throws {@link ConversionFailed} if outputs are not those recorded, or there are none. */
  void run() throws ConversionFailed {
    Boolean asked = task.settings().verify();
    if (Boolean.TRUE.equals(asked) && task.samples().isEmpty()) {
      throw new ConversionFailed(
          ConversionFailed.Cause.USAGE,
          "verify compares with recorded outputs, and there are no samples; send a safetensors file"
              + " with input0, ... and output0, ...");
    }
    if (Boolean.FALSE.equals(asked) || lowering.state() == LowerSettings.State.EXTERNAL) {
      return;
    }
    // What is unpacked to run goes with the task's folder.
    Verifier verifier =
        new Verifier(lowering.withCacheDir(task.file("tmp")), OptionalDouble.empty());
    List<Path> files = task.sampleFiles();
    for (int i = 0; i < files.size(); i++) {
      voice.progress(Stage.VERIFY, (double) i / files.size(), "running sample " + (i + 1));
      try (SampleFile sample = SampleFile.open(files.get(i))) {
        if (asked == null && sample.outputs().isEmpty()) {
          voice.log("sample %d has no recorded outputs to compare with".formatted(i + 1));
          continue;
        }
        judge(verifier.verify(task.file(ConversionWorker.ARTIFACT), sample), i + 1, asked == null);
      }
    }
  }

  private void judge(VerifyResult result, int sample, boolean mayBeSkipped)
      throws ConversionFailed {
    if (result.status() == VerifyResult.Status.OK) {
      voice.log(
          String.format(
              Locale.ROOT,
              "sample %d agrees, relative error %.1e",
              sample,
              result.relL2Error() == null ? 0 : result.relL2Error()));
      return;
    }
    // Compiled for another machine than this one, nothing runs here.
    if (mayBeSkipped && result.device() == null && !task.settings().targets().isEmpty()) {
      voice.log("not verified: " + result.error());
      return;
    }
    ConversionFailed.Cause cause =
        switch (result.status()) {
          case MISMATCH -> ConversionFailed.Cause.MISMATCH;
          case IMPORT_ERROR -> ConversionFailed.Cause.IMPORT;
          case COMPILE_ERROR -> ConversionFailed.Cause.COMPILE;
          default -> ConversionFailed.Cause.RUN;
        };
    throw new ConversionFailed(cause, "on sample %d: %s".formatted(sample, result.error()));
  }
}
