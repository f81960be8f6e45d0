package io.ait4j.lower.verify;

import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.HostDeviceCopies;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.verify.VerifyResult.Reference;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Converts models, runs them on recorded inputs and compares with recorded outputs. A model whose
 * sizes are dynamic also runs at its smallest and largest sizes and some between, and is compared
 * with libtorch there.
 *
 * @param tolerance for every output; that of its type and of the settings' precision if empty
 * @param drawn how often a model also runs on inputs drawn from the recorded ones, compared with
 *     libtorch
 */
public record Verifier(LowerSettings settings, OptionalDouble tolerance, int drawn) {
  /** Compares recordings only, and dynamic models at other sizes. */
  public Verifier(LowerSettings settings, OptionalDouble tolerance) {
    this(settings, tolerance, 0);
  }

  /**
   * Converts and verifies one model: one result for each set of inputs. Failures are in the
   * results, not thrown.
   */
  public List<VerifyResult> verify(VerifyTarget target, Consumer<String> progress) {
    return new TargetRun(this, target, progress).run();
  }

  /** Verifies a converted model on a recording. Failures are in the result, not thrown. */
  public VerifyResult verify(Path aitm, SampleFile sample) {
    VerifyTarget target =
        new VerifyTarget(
            aitm.getFileName().toString(), VerifyFormat.PT, aitm, List.of(sample.path()));
    Verification verification =
        new Verification(target, sample.path().getFileName().toString(), Reference.RECORDED);
    try {
      verification.running();
      try (LoweredModule module = load(aitm)) {
        compare(module, sample, verification);
      }
    } catch (RuntimeException e) {
      verification.fail(e);
    }
    return verification.result();
  }

  LoweredModule load(Path aitm) {
    return LoweredModule.load(aitm, new LoadSettings(settings.cacheDir(), settings.threads()));
  }

  Tolerance tolerances() {
    return new Tolerance(tolerance, settings.precision(), settings.io().inputs());
  }

  /** Runs on a recording. */
  void compare(LoweredModule module, SampleFile sample, Verification verification) {
    if (sample.outputs().isEmpty()) {
      throw new ModelException(
          ModelException.Kind.IMPORT, sample.path() + " has no tensor 'output0' to compare with");
    }
    try (Arena arena = Arena.ofShared()) {
      List<NativeTensor> outputs =
          run(module, taken(module, sample.inputs(), arena), arena, verification);
      verification.compare("the recording", outputs, given(sample.outputs(), arena), tolerances());
    }
  }

  /** Recorded inputs in the types that the module takes, where the settings change them. */
  List<NativeTensor> taken(LoweredModule module, List<NativeTensor> recorded, Arena arena) {
    List<NativeTensor> inputs = new ArrayList<>(recorded);
    List<FxValue> types = module.inputs();
    for (int i = 0; settings.io().inputs().isPresent() && i < types.size(); i++) {
      if (i < inputs.size() && types.get(i).meta() instanceof TensorMeta meta) {
        inputs.set(i, Recast.to(meta.dtype(), inputs.get(i), arena));
      }
    }
    return inputs;
  }

  /** Recorded outputs in the type in which the settings want them. */
  List<NativeTensor> given(List<NativeTensor> recorded, Arena arena) {
    return settings
        .io()
        .outputs()
        .map(to -> recorded.stream().map(t -> Recast.to(to.storage(), t, arena)).toList())
        .orElse(recorded);
  }

  /** Runs twice, the second time for the time it takes. */
  List<NativeTensor> run(
      LoweredModule module, List<NativeTensor> inputs, Arena arena, Verification verification) {
    verification.running();
    long before = module.borderCopiesBytes();
    HostDeviceCopies crossed = module.hostDeviceCopies();
    List<NativeTensor> outputs = module.run(module.writable(inputs, arena), arena);
    verification.ran(
        module.report(),
        module.borderCopiesBytes() - before,
        module.device(),
        module.hostDeviceCopies().since(crossed));
    try (Arena second = Arena.ofShared()) {
      List<NativeTensor> again = module.writable(inputs, second);
      long start = System.nanoTime();
      module.run(again, second);
      verification.timed(start);
    }
    return outputs;
  }
}
