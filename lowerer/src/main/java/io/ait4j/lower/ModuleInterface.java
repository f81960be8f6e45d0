package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a module takes and yields.
 *
 * @param inputs those that the caller gives
 * @param outputs those that the caller gets, by name
 * @param states what a session keeps from one run to the next
 * @param writes what goes back into the caller's tensors
 * @param guards what must hold of the inputs' sizes
 */
record ModuleInterface(
    List<FxValue> inputs,
    List<Output> outputs,
    List<State> states,
    List<Write> writes,
    List<Guard> guards) {
  /**
   * @param type null if it is not known before a run
   */
  record Output(String name, OutputSource source, TensorMeta type) {}

  /**
   * @param name as the model calls the buffer
   * @param input value that it is at the beginning of a run
   * @param initial its value in a new session: in the mapped file, or on the GPU
   */
  record State(String name, String input, OutputSource next, NativeTensor initial) {
    State withInitial(NativeTensor value) {
      return new State(name, input, next, value);
    }
  }

  /**
   * @param input place among the inputs
   */
  record Write(int input, OutputSource content) {}

  ModuleInterface {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    states = List.copyOf(states);
    writes = List.copyOf(writes);
    guards = List.copyOf(guards);
  }

  ModuleInterface withStates(List<State> others) {
    return new ModuleInterface(inputs, outputs, others, writes, guards);
  }

  /**
   * That of a graph to which the weights that it returns, and its states' first values, are bound.
   */
  static ModuleInterface of(FxGraph graph) {
    GraphSignature signature = graph.signature();
    List<OutputSource> sources =
        graph.outputs().stream().map(output -> OutputSource.of(graph, output)).toList();
    List<FxValue> inputs =
        graph.inputs().stream().filter(input -> signature.isUserInput(input.name())).toList();
    List<String> names = outputNames(signature, signature.userOutputs(graph));
    Map<String, FxValue> values = graph.values();
    List<String> inputNames = inputs.stream().map(FxValue::name).toList();
    return new ModuleInterface(
        inputs,
        IntStream.range(0, names.size())
            .mapToObj(i -> new Output(names.get(i), sources.get(i), type(sources.get(i), values)))
            .toList(),
        signature.states().stream()
            .map(
                state ->
                    new State(
                        state.initial().name(),
                        state.input(),
                        sources.get(state.output()),
                        OutputSource.tensor(state.initial())))
            .toList(),
        signature.inputMutations().stream()
            .map(write -> new Write(inputNames.indexOf(write.input()), sources.get(write.output())))
            .toList(),
        signature.guards());
  }

  private static TensorMeta type(OutputSource source, Map<String, FxValue> values) {
    return switch (source) {
      case OutputSource.Value(String name) ->
          switch (values.get(name).meta()) {
            case TensorMeta type -> type;
            case ValueMeta.Scalar(DType dtype) -> TensorMeta.contiguous(dtype);
            case ValueMeta other -> null;
          };
      case OutputSource.Constant(NativeTensor tensor) -> tensor.meta();
      case OutputSource.Size size -> TensorMeta.contiguous(DType.INT64);
    };
  }

  /** By position where the model has no names for them, or the same for two. */
  private static List<String> outputNames(GraphSignature signature, int count) {
    List<String> names = signature.outputNames();
    return names.size() == count && new HashSet<>(names).size() == count
        ? names
        : IntStream.range(0, count).mapToObj(i -> "output" + i).toList();
  }
}
