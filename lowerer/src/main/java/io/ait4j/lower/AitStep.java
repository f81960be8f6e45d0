package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.KernelProfile;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

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
    module.run(run.tensors(inputs), results(run), run.symbols());
    runs.increment();
  }

  @Override
  public List<KernelProfile> profile(Execution run) {
    List<KernelProfile> kernels = module.profile(run.tensors(inputs), results(run), run.symbols());
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
