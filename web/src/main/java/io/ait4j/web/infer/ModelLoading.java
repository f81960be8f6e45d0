package io.ait4j.web.infer;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a worker says of the model that it has loaded. */
final class ModelLoading {
  private final LoweredModule module;
  private final Trial trial;

  ModelLoading(LoweredModule module, Trial trial) {
    this.module = module;
    this.trial = trial;
  }

  /**
   * @param maxBatch most rows in a run that the server wants; 1 for no batches
   * @throws ModelException if the protocol has no way to say an input or an output, or only a run
   *     would tell what an output is and the model fails on random inputs, or may not be tried
   * @throws TrialFailed if it gave no answer on random inputs
   */
  ModelDescription describe(long maxBatch) throws TrialFailed {
    List<TensorDescription> inputs = module.inputs().stream().map(ModelLoading::input).toList();
    List<TensorDescription> outputs = new ArrayList<>();
    List<TensorMeta> types = outputTypes();
    for (int i = 0; i < types.size(); i++) {
      outputs.add(described("output", module.outputNames().get(i), types.get(i)));
    }
    Optional<Dim.Symbol> batch = BatchSymbol.of(module);
    String objection =
        maxBatch < 2
            ? "the server's settings say so"
            : batch.isEmpty()
                ? "its inputs and outputs have no first size in common that may differ"
                : hasState() ? "it has state, or writes to its inputs" : probe(batch.get());
    return new ModelDescription(
        module.device().toString(),
        module.report().target(),
        note(),
        inputs,
        outputs,
        objection.isEmpty() ? Math.min(maxBatch, batch.get().max()) : 0,
        objection);
  }

  private boolean hasState() {
    try (var session = module.session()) {
      return !session.stateNames().isEmpty() || !module.writtenInputs().isEmpty();
    }
  }

  private String probe(Dim.Symbol batch) throws TrialFailed {
    return trial.isWanted()
        ? trial.run(new RowProbe(module, batch)::objection)
        : "it gives no answer on random rows";
  }

  /** A model that was compiled for a GPU too, and runs on the processor, says so. */
  private String note() {
    List<String> gpus =
        module.targets().stream().filter(target -> target.startsWith("cuda")).toList();
    return gpus.isEmpty() || !module.device().isCpu()
        ? ""
        : "compiled for %s too, which this machine does not have: it runs on the processor"
            .formatted(String.join(", ", gpus));
  }

  private static TensorDescription input(FxValue input) {
    return switch (input.meta()) {
      case TensorMeta type -> described("input", input.name(), type);
      case ValueMeta.Scalar(var dtype) ->
          described("input", input.name(), TensorMeta.contiguous(dtype));
      case ValueMeta other ->
          throw unsayable("input", input.name(), "is no tensor of known shape but " + other);
    };
  }

  /** Of an output that only a run tells anything of, a run tells type and rank, which are fixed. */
  private List<TensorMeta> outputTypes() throws TrialFailed {
    List<Optional<TensorMeta>> known = module.outputTypes();
    if (known.stream().allMatch(Optional::isPresent)) {
      return known.stream().map(Optional::get).toList();
    }
    if (!trial.isWanted()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "only a run tells what its outputs are, and on random inputs it gives no answer;"
              + " download the model and run it in a program");
    }
    return trial.run(() -> outputTypes(known));
  }

  private List<TensorMeta> outputTypes(List<Optional<TensorMeta>> known) {
    try (Arena arena = Arena.ofConfined()) {
      List<NativeTensor> tried =
          module.run(new RandomInputs(module).draw(new SplittableRandom(0), arena), arena);
      return IntStream.range(0, known.size())
          .mapToObj(i -> known.get(i).orElseGet(() -> ofAnySize(tried.get(i))))
          .toList();
    }
  }

  private static TensorMeta ofAnySize(NativeTensor tensor) {
    return TensorMeta.contiguous(
        tensor.dtype(),
        IntStream.range(0, tensor.sizes().length)
            .mapToObj(i -> Dim.symbol("any" + i, 0, Dim.UNBOUNDED))
            .toList());
  }

  private static TensorDescription described(String what, String name, TensorMeta type) {
    Datatype datatype =
        Datatype.of(type.dtype())
            .orElseThrow(
                () ->
                    unsayable(
                        what,
                        name,
                        "is %s, for which the Open Inference Protocol has no type"
                            .formatted(type.dtype().torchName())));
    return new TensorDescription(
        name, datatype, type.shape().stream().map(ModelLoading::extent).toList());
  }

  private static TensorDescription.Extent extent(Dim size) {
    return new TensorDescription.Extent(Math.max(0, size.min()), size.max());
  }

  private static ModelException unsayable(String what, String name, String why) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "%s '%s' %s; download the model and run it in a program".formatted(what, name, why));
  }
}
