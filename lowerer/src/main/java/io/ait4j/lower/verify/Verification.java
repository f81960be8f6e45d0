package io.ait4j.lower.verify;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.verify.VerifyResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A {@link VerifyResult} in the making. */
final class Verification {
  private final String name;

  /** What a failure would be now. */
  private Status stage = Status.IMPORT_ERROR;

  private Status status = Status.OK;
  private String error;
  private Double relL2Error;
  private Double maxAbsError;
  private final List<String> vacuous = new ArrayList<>();
  private LoweringReport report;
  private Long borderCopiesBytes;
  private Double convertSeconds;
  private Double runMs;

  Verification(String name) {
    this.name = name;
  }

  void running() {
    stage = Status.RUN_ERROR;
  }

  void fail(RuntimeException e) {
    if (e instanceof ModelException known) {
      status =
          switch (known.kind()) {
            case IMPORT -> Status.IMPORT_ERROR;
            case COMPILE -> Status.COMPILE_ERROR;
            case RUN -> Status.RUN_ERROR;
            // Whichever step asked for it.
            case USAGE, IO -> stage;
          };
      error = e.getMessage();
    } else {
      status = stage;
      error = "a defect of ait4j: " + e;
    }
  }

  void converted(LoweringReport made, long startNanos) {
    report = made;
    convertSeconds = (System.nanoTime() - startNanos) / 1e9;
  }

  void ran(LoweringReport loaded, long copiedBytes) {
    report = loaded;
    borderCopiesBytes = copiedBytes;
  }

  void timed(long startNanos) {
    runMs = (System.nanoTime() - startNanos) / 1e6;
  }

  void compare(
      List<NativeTensor> outputs, List<NativeTensor> references, OptionalDouble tolerance) {
    List<String> complaints = new ArrayList<>();
    if (outputs.size() != references.size()) {
      complaints.add(
          "the model returns %d outputs, the recording has %d"
              .formatted(outputs.size(), references.size()));
    }
    double rel = 0;
    double abs = 0;
    int compared = Math.min(outputs.size(), references.size());
    for (int i = 0; i < compared; i++) {
      NativeTensor reference = references.get(i);
      Comparison comparison =
          Comparison.of(
              outputs.get(i),
              reference,
              tolerance.orElse(Comparison.defaultTolerance(reference.dtype())));
      String output = "output" + i;
      comparison.complaint().ifPresent(what -> complaints.add(output + " " + what));
      if (comparison.vacuous()) {
        vacuous.add(output);
      }
      rel = Math.max(rel, comparison.relL2Error());
      abs = Math.max(abs, comparison.maxAbsError());
    }
    relL2Error = Double.isFinite(rel) ? rel : null;
    maxAbsError = Double.isFinite(abs) ? abs : null;
    if (vacuous.size() == compared) {
      complaints.add("nothing was compared: every output is empty or NaN throughout");
    }
    if (!complaints.isEmpty()) {
      status = Status.MISMATCH;
      error = String.join("; ", complaints);
    }
  }

  VerifyResult result() {
    return new VerifyResult(
        name,
        "pt",
        status,
        error,
        relL2Error,
        maxAbsError,
        List.copyOf(vacuous),
        report,
        borderCopiesBytes,
        convertSeconds,
        runMs);
  }
}
