package io.ait4j.lower.verify;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.HostDeviceCopies;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.verify.VerifyResult.Reference;
import io.ait4j.lower.verify.VerifyResult.Status;
import java.util.ArrayList;
import java.util.List;

/** A {@link VerifyResult} in the making. */
final class Verification {
  private final VerifyTarget target;
  private final String inputs;
  private final Reference reference;

  /** What a failure would be now. */
  private Status stage = Status.IMPORT_ERROR;

  private Status status = Status.OK;
  private String error;
  private Double relL2Error;
  private Double maxAbsError;
  private final List<String> vacuous = new ArrayList<>();
  private LoweringReport report;
  private Long borderCopiesBytes;
  private String device;
  private HostDeviceCopies crossed;
  private Double convertSeconds;
  private Double runMs;

  Verification(VerifyTarget target, String inputs, Reference reference) {
    this.target = target;
    this.inputs = inputs;
    this.reference = reference;
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

  void converted(LoweringReport made, double seconds) {
    report = made;
    convertSeconds = seconds;
  }

  void ran(LoweringReport loaded, long copiedBytes, Device where, HostDeviceCopies copies) {
    report = loaded;
    borderCopiesBytes = copiedBytes;
    device = where.toString();
    crossed = where.isCpu() ? null : copies;
  }

  void timed(long startNanos) {
    runMs = (System.nanoTime() - startNanos) / 1e6;
  }

  /** Compares outputs with references; may be called more than once, and the worst counts. */
  void compare(
      String what, List<NativeTensor> outputs, List<NativeTensor> references, Tolerance tolerance) {
    List<String> complaints = new ArrayList<>();
    if (outputs.size() != references.size()) {
      complaints.add(
          "the model returns %d outputs, %s has %d"
              .formatted(outputs.size(), what, references.size()));
    }
    double rel = 0;
    double abs = 0;
    int compared = Math.min(outputs.size(), references.size());
    for (int i = 0; i < compared; i++) {
      NativeTensor reference = references.get(i);
      Comparison comparison =
          Comparison.of(outputs.get(i), reference, tolerance.of(reference.dtype()));
      String output = "output" + i;
      comparison.complaint().ifPresent(complaint -> complaints.add(output + " " + complaint));
      if (comparison.vacuous()) {
        vacuous.add(output);
      }
      rel = Math.max(rel, comparison.relL2Error());
      abs = Math.max(abs, comparison.maxAbsError());
    }
    relL2Error = worse(relL2Error, rel);
    maxAbsError = worse(maxAbsError, abs);
    if (vacuous.size() == compared) {
      complaints.add("nothing was compared: every output is empty or NaN throughout");
    }
    if (!complaints.isEmpty()) {
      status = Status.MISMATCH;
      error = String.join("; ", complaints);
    }
  }

  private static Double worse(Double before, double now) {
    return !Double.isFinite(now) ? null : before == null ? (Double) now : Math.max(before, now);
  }

  /** Adds what is wrong beside single elements. */
  void mismatch(String why) {
    status = Status.MISMATCH;
    error = error == null ? why : error + "; " + why;
  }

  VerifyResult result() {
    return new VerifyResult(
        target.name(),
        target.format().toString(),
        target.file(),
        inputs,
        reference,
        status,
        error,
        relL2Error,
        maxAbsError,
        List.copyOf(vacuous),
        report,
        borderCopiesBytes,
        device,
        crossed,
        convertSeconds,
        runMs);
  }
}
