package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import java.util.List;

/** One step of a recurrent network, as products and gates. */
final class RecurrentDecompositions {
  private RecurrentDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.addMany("lstm_cell", RecurrentDecompositions::lstm);
    table.add("gru_cell", RecurrentDecompositions::gru);
    table.add("rnn_tanh_cell", r -> r.call("tanh", gates(r, r.arg(1))));
    table.add("rnn_relu_cell", r -> r.call("relu", gates(r, r.arg(1))));
  }

  private static Arg fromInput(Rewrite r) {
    return r.call("linear", r.arg(0), r.arg(2), r.arg(4));
  }

  private static Arg fromState(Rewrite r, Arg state) {
    return r.call("linear", state, r.arg(3), r.arg(5));
  }

  private static Arg gates(Rewrite r, Arg state) {
    return r.call("add.Tensor", fromInput(r), fromState(r, state));
  }

  private static List<Arg> chunks(Rewrite r, Arg gates, int count) {
    return r.callMany("chunk", List.of(gates, of(count), of(1)));
  }

  private static List<Arg> lstm(Rewrite r) {
    List<Arg> states = r.elements(1);
    List<Arg> gates = chunks(r, gates(r, states.get(0)), 4);
    Arg kept = r.call("mul.Tensor", r.call("sigmoid", gates.get(1)), states.get(1));
    Arg taken = r.call("mul.Tensor", r.call("sigmoid", gates.get(0)), r.call("tanh", gates.get(2)));
    Arg cell = r.call("add.Tensor", kept, taken);
    Arg hidden = r.call("mul.Tensor", r.call("sigmoid", gates.get(3)), r.call("tanh", cell));
    return List.of(hidden, cell);
  }

  private static Arg gru(Rewrite r) {
    List<Arg> input = chunks(r, fromInput(r), 3);
    List<Arg> state = chunks(r, fromState(r, r.arg(1)), 3);
    Arg reset = r.call("sigmoid", r.call("add.Tensor", state.get(0), input.get(0)));
    Arg update = r.call("sigmoid", r.call("add.Tensor", state.get(1), input.get(1)));
    Arg fresh =
        r.call(
            "tanh", r.call("add.Tensor", input.get(2), r.call("mul.Tensor", state.get(2), reset)));
    Arg change = r.call("mul.Tensor", r.call("sub.Tensor", r.arg(1), fresh), update);
    return r.call("add.Tensor", change, fresh);
  }
}
