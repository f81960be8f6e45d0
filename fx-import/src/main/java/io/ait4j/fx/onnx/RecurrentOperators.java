package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Recurrent networks of one layer, as ATen's: their gates only come in another order. */
final class RecurrentOperators {
  /**
   * One kind of cell.
   *
   * @param target ATen's operator
   * @param gates which of ONNX' blocks each of ATen's gates is
   * @param states how many it carries along
   */
  private record Cell(String target, List<Integer> gates, int states, List<String> functions) {}

  private static final Cell LSTM =
      new Cell("lstm.input", List.of(0, 2, 3, 1), 2, List.of("Sigmoid", "Tanh", "Tanh"));
  private static final Cell GRU =
      new Cell("gru.input", List.of(1, 0, 2), 1, List.of("Sigmoid", "Tanh"));
  private static final Cell RNN_TANH = new Cell("rnn_tanh.input", List.of(0), 1, List.of("Tanh"));
  private static final Cell RNN_RELU = new Cell("rnn_relu.input", List.of(0), 1, List.of("Relu"));

  private RecurrentOperators() {}

  static void addTo(OperatorTable table) {
    table.addMany("LSTM", c -> run(c, LSTM));
    table.addMany("GRU", RecurrentOperators::gru);
    table.addMany("RNN", RecurrentOperators::rnn);
  }

  private static List<Arg> gru(OnnxCall c) {
    if (!c.attributes().flag("linear_before_reset", false)) {
      throw c.unsupported("linear_before_reset = 0");
    }
    return run(c, GRU);
  }

  private static List<Arg> rnn(OnnxCall c) {
    List<String> functions = c.attributes().texts("activations");
    return run(
        c, !functions.isEmpty() && functions.getFirst().equals("Relu") ? RNN_RELU : RNN_TANH);
  }

  private static List<Arg> run(OnnxCall c, Cell cell) {
    String direction = c.attributes().text("direction", "forward");
    int ways = direction.equals("bidirectional") ? 2 : 1;
    check(c, cell, ways);
    boolean backwards = direction.equals("reverse");
    Arg x = backwards ? c.call("flip", c.tensor(0), Arg.ints(0)) : c.tensor(0);
    Dim hidden = c.shape(2).get(2);
    Dim batch = c.shape(0).get(1);
    List<Arg> weights = new ArrayList<>();
    for (int way = 0; way < ways; way++) {
      weights.add(reordered(c, cell, c.call("select.int", c.tensor(1), of(0), of(way)), hidden));
      weights.add(reordered(c, cell, c.call("select.int", c.tensor(2), of(0), of(way)), hidden));
      if (c.has(3)) {
        Arg both = c.call("select.int", c.tensor(3), of(0), of(way));
        Dim half = hidden.times(cell.gates().size());
        weights.add(reordered(c, cell, rows(c, both, Dim.ZERO, half), hidden));
        weights.add(reordered(c, cell, rows(c, both, half, half.times(2)), hidden));
      }
    }
    List<Arg> states = new ArrayList<>();
    for (int i = 0; i < cell.states(); i++) {
      states.add(c.has(5 + i) ? c.tensor(5 + i) : zeros(c, List.of(Dim.of(ways), batch, hidden)));
    }
    List<Arg> results =
        c.out()
            .emit(
                "aten::" + cell.target(),
                List.of(
                    x,
                    cell.states() == 1 ? states.getFirst() : new Arg.Sequence(states),
                    new Arg.Sequence(weights),
                    of(c.has(3)),
                    of(1),
                    of(0.0),
                    of(false),
                    of(ways == 2),
                    of(false)),
                c.node().label());
    List<Arg> outputs = new ArrayList<>(results);
    Arg y = backwards ? c.call("flip", results.getFirst(), Arg.ints(0)) : results.getFirst();
    Arg split = c.reshape(y, List.of(c.shape(0).get(0), batch, Dim.of(ways), hidden));
    outputs.set(0, c.call("permute", split, Arg.ints(0, 2, 1, 3)));
    return outputs;
  }

  private static Arg rows(OnnxCall c, Arg x, Dim from, Dim to) {
    return c.call("slice.Tensor", x, of(0), Arg.of(from), Arg.of(to), of(1));
  }

  private static Arg zeros(OnnxCall c, List<Dim> shape) {
    return c.call("full", Arg.ofDims(shape), of(0.0), new Arg.Type(c.dtype(0)));
  }

  private static Arg reordered(OnnxCall c, Cell cell, Arg blocks, Dim hidden) {
    if (cell.gates().size() == 1) {
      return blocks;
    }
    List<Arg> parts = new ArrayList<>();
    for (int gate : cell.gates()) {
      parts.add(rows(c, blocks, hidden.times(gate), hidden.times(gate + 1)));
    }
    return c.call("cat", new Arg.Sequence(parts), of(0));
  }

  private static void check(OnnxCall c, Cell cell, int ways) {
    Attributes a = c.attributes();
    if (c.has(4)) {
      throw c.unsupported("a length for each sequence");
    }
    if (c.has(7)) {
      throw c.unsupported("a weight of peepholes");
    }
    if (a.has("clip") || a.flag("input_forget", false) || a.integer("layout", 0) != 0) {
      throw c.unsupported("clip, input_forget or layout = 1");
    }
    List<String> functions = a.texts("activations");
    for (int i = 0; i < functions.size(); i++) {
      if (!functions.get(i).equals(cell.functions().get(i % cell.functions().size()))) {
        throw c.unsupported("activations = " + functions);
      }
    }
    if (c.rank(0) != 3 || c.rank(1) != 3 || c.rank(2) != 3 || !c.shape(1).getFirst().is(ways)) {
      throw c.error(
          "input and weights of shapes %s, %s and %s"
              .formatted(c.shape(0), c.shape(1), c.shape(2)));
    }
  }
}
