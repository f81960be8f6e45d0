package io.ait4j.fx.rules;

import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Recurrent networks of any number of layers, in one or both directions. */
final class RecurrentRules {
  private RecurrentRules() {}

  static void addTo(RuleTable table) {
    table.addMany("lstm.input", call -> overSequence(call, call.tensors(1), 7, 8));
    table.addMany(
        "gru.input rnn_tanh.input rnn_relu.input",
        call -> overSequence(call, List.of(call.tensor(1)), 7, 8));
  }

  /** Over packed sequences. */
  static void addPackedTo(RuleTable table) {
    table.addMany("lstm.data", call -> overPacked(call, call.tensors(2), 8));
    table.addMany(
        "gru.data rnn_tanh.data rnn_relu.data",
        call -> overPacked(call, List.of(call.tensor(2)), 8));
  }

  /** [length, batch, features] or, batch first, [batch, length, features]. */
  private static List<TensorMeta> overSequence(
      OpCall call, List<TensorMeta> states, int twoWaysArg, int batchFirstArg) {
    TensorMeta input = call.tensor(0);
    if (input.rank() != 3) {
      throw call.error("the input has shape " + input.shape() + ", not three dimensions");
    }
    boolean batchFirst = call.flag(batchFirstArg);
    Dim length = input.shape().get(batchFirst ? 1 : 0);
    Dim batch = input.shape().get(batchFirst ? 0 : 1);
    Dim width = width(call, states, batch, call.flag(twoWaysArg));
    TensorMeta output = TensorMeta.contiguous(input.dtype(), List.of(length, batch, width));
    return withStates(batchFirst ? batchFirst(output) : output, states);
  }

  private static TensorMeta batchFirst(TensorMeta output) {
    return new TensorMeta(output.dtype(), swapped(output.shape()), swapped(output.strides()));
  }

  private static List<Dim> swapped(List<Dim> dims) {
    return List.of(dims.get(1), dims.get(0), dims.get(2));
  }

  /** Sequences of different lengths, packed: [elements, features]. */
  private static List<TensorMeta> overPacked(OpCall call, List<TensorMeta> states, int twoWaysArg) {
    TensorMeta data = call.tensor(0);
    if (data.rank() != 2 || states.isEmpty() || states.getFirst().rank() != 3) {
      throw call.error("the data have shape " + data.shape() + ", not two dimensions");
    }
    Dim width = states.getFirst().shape().get(2).times(call.flag(twoWaysArg) ? 2 : 1);
    List<Dim> shape = List.of(data.shape().getFirst(), width);
    return withStates(TensorMeta.contiguous(data.dtype(), shape), states);
  }

  private static Dim width(OpCall call, List<TensorMeta> states, Dim batch, boolean twoWays) {
    for (TensorMeta state : states) {
      if (state.rank() != 3) {
        throw call.error("a state has shape " + state.shape() + ", not three dimensions");
      }
      if (!state.shape().get(1).equals(batch)) {
        throw call.unequal(
            "a state of shape %s for a batch of %s".formatted(state.shape(), batch),
            state.shape().get(1),
            batch);
      }
    }
    if (states.isEmpty()) {
      throw call.error("there is no initial state");
    }
    return states.getFirst().shape().get(2).times(twoWays ? 2 : 1);
  }

  private static List<TensorMeta> withStates(TensorMeta output, List<TensorMeta> states) {
    List<TensorMeta> results = new ArrayList<>();
    results.add(output);
    states.forEach(s -> results.add(TensorMeta.contiguous(s.dtype(), s.shape())));
    return results;
  }
}
