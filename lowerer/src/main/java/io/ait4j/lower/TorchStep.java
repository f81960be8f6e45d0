package io.ait4j.lower;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fallback.TorchResult;
import io.ait4j.fx.Device;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A partition on libtorch. Its outputs stay in libtorch's memory, or in that of its inputs where
 * they are views.
 */
final class TorchStep implements Step {
  private final TorchModule module;
  private final List<String> inputs;
  private final List<String> outputs;
  private final Map<String, TensorMeta> expected;
  private final List<String> numbers;
  private final LongAdder copied = new LongAdder();

  /**
   * @param expected types of those outputs whose types are known
   */
  TorchStep(
      FxGraph graph,
      Device device,
      List<String> inputs,
      List<String> outputs,
      Map<String, TensorMeta> expected) {
    this.module = load(graph, device);
    this.inputs = inputs;
    this.outputs = outputs;
    this.expected = expected;
    this.numbers =
        graph.inputs().stream()
            .filter(input -> input.meta() instanceof ValueMeta.Scalar)
            .map(FxValue::name)
            .toList();
  }

  /** Loads libtorch; one message if it is not there. */
  static TorchModule load(FxGraph graph, Device device) {
    try {
      return new TorchModule(graph, device);
    } catch (LinkageError e) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "a part of this model runs on libtorch, which is not there ("
              + e
              + "); put org.bytedeco:pytorch with its native jar for this platform on the class"
              + " path",
          e);
    }
  }

  /** How many threads one operator may use, in all modules of the process. */
  static void setThreads(int count) {
    TorchModule.setThreads(count);
  }

  @Override
  public void execute(Execution run) {
    List<NativeTensor> given =
        inputs.stream()
            .map(
                name ->
                    run.in(numbers.contains(name) ? run.place().host() : run.place().work(), name))
            .toList();
    TorchResult result = module.run(given, run.symbols(), run.place().streamHandle());
    copied.add(result.copiedBytes());
    List<Held> read = inputs.stream().map(run::held).toList();
    List<Owner> kept =
        read.stream()
            .filter(
                value -> result.outputs().stream().anyMatch(o -> Held.overlap(o, value.tensor())))
            .map(value -> value.owner().retain())
            .toList();
    Owner owner =
        new Owner(
            () -> {
              result.close();
              kept.forEach(Owner::release);
            });
    try {
      for (int i = 0; i < outputs.size(); i++) {
        String name = outputs.get(i);
        NativeTensor tensor = result.outputs().get(i);
        check(name, tensor, run.symbols());
        run.put(name, new Held(tensor, owner.retain(), isFresh(i, result.outputs(), read)));
      }
    } finally {
      owner.release();
    }
  }

  private void check(String name, NativeTensor tensor, Map<String, Long> symbols) {
    TensorMeta meta = expected.get(name);
    if (meta != null
        && (meta.dtype() != tensor.dtype()
            || !Arrays.equals(meta.sizes(symbols), tensor.sizes()))) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "libtorch made %%%s %s where the graph says %s%s; the shape depends on data, which is not supported"
              .formatted(name, tensor, meta, symbols.isEmpty() ? "" : " with " + symbols));
    }
  }

  private boolean isFresh(int index, List<NativeTensor> all, List<Held> read) {
    NativeTensor tensor = all.get(index);
    return Tensors.isInjective(tensor.sizes(), tensor.strides())
        && module.weights().stream().noneMatch(weight -> Held.overlap(tensor, weight))
        && read.stream().noneMatch(value -> Held.overlap(tensor, value.tensor()))
        && all.subList(0, index).stream().noneMatch(other -> Held.overlap(tensor, other));
  }

  @Override
  public long borderCopyBytes() {
    return copied.sum();
  }

  @Override
  public void close() {
    module.close();
  }
}
