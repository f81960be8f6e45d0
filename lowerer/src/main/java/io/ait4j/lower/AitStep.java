package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A partition in a compiled library, which writes its outputs where they are needed. */
final class AitStep implements Step {
  private final AitModule module;
  private final List<String> inputs;

  /** In order. */
  private final Map<String, TensorMeta> outputs;

  AitStep(AitModule module, List<String> inputs, Map<String, TensorMeta> outputs) {
    this.module = module;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  public void execute(Execution run) {
    List<NativeTensor> results = new ArrayList<>(outputs.size());
    outputs.forEach((name, meta) -> results.add(run.allocate(name, meta)));
    module.run(run.tensors(inputs), results);
  }

  @Override
  public long borderCopyBytes() {
    return module.borderCopyBytes();
  }

  @Override
  public void close() {
    module.close();
  }
}
