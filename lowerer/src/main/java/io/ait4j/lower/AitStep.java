package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.KernelProfile;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** A partition in a compiled library, which writes its outputs where they are needed. */
final class AitStep implements Step {
  private final AitModule module;
  private final List<String> inputs;

  /** In order. */
  private final Map<String, TensorMeta> outputs;

  private final long copiedByKernels;
  private final LongAdder runs = new LongAdder();

  /**
   * @param copiedByKernels bytes that each run moves at the borders, beside what the module counts
   */
  AitStep(
      AitModule module,
      List<String> inputs,
      Map<String, TensorMeta> outputs,
      long copiedByKernels) {
    this.module = module;
    this.copiedByKernels = copiedByKernels;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  public void execute(Execution run) {
    if (run.place().isHost()) {
      module.run(run.tensors(inputs), results(run), run.symbols());
    } else {
      module.runOn(run.tensors(inputs), results(run), run.symbols(), run.place().streamHandle());
    }
    runs.increment();
  }

  @Override
  public long failures() {
    return module.failures();
  }

  @Override
  public long check(long before, Consumer<ModelException> told) {
    return module.check(before, told);
  }

  @Override
  public void setGraphs(boolean on) {
    module.setGraphs(on);
  }

  @Override
  public List<KernelProfile> profile(Execution run) {
    List<NativeTensor> given = run.tensors(inputs);
    List<NativeTensor> results = results(run);
    run.place().finish(); // kernels are timed on a stream of the library's own
    List<KernelProfile> kernels = module.profile(given, results, run.symbols());
    runs.increment();
    return kernels;
  }

  private List<NativeTensor> results(Execution run) {
    List<NativeTensor> results = new ArrayList<>(outputs.size());
    outputs.forEach((name, meta) -> results.add(run.allocate(name, meta)));
    return results;
  }

  @Override
  public long borderCopyBytes() {
    return module.borderCopyBytes() + runs.sum() * copiedByKernels;
  }

  @Override
  public void close() {
    module.close();
  }
}
