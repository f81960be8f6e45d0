package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * LSTM, GRU and plain recurrent networks: for each layer and direction one product for what the
 * input of all steps contributes to the gates, and one call of {@code rnn.h} for the recurrence.
 */
final class RecurrentConverters implements ConverterProvider {
  private static final Header HEADER = Header.own("rnn.h");

  /** The widest group of units whose weights the header packs together, on any processor. */
  private static final long MOST_UNITS = 32;

  /** As the header's {@code Recurrence}. */
  private enum Kind {
    LSTM(4),
    GRU(3),
    RNN_TANH(1),
    RNN_RELU(1);

    private final int gates;

    Kind(int gates) {
      this.gates = gates;
    }
  }

  @Override
  public Map<String, Converter> converters() {
    Map<String, Converter> table = new HashMap<>();
    table.put("aten::lstm.input", cx -> new Network(cx, Kind.LSTM).convert());
    table.put("aten::gru.input", cx -> new Network(cx, Kind.GRU).convert());
    table.put("aten::rnn_tanh.input", cx -> new Network(cx, Kind.RNN_TANH).convert());
    table.put("aten::rnn_relu.input", cx -> new Network(cx, Kind.RNN_RELU).convert());
    return table;
  }

  /** The weights of one layer in one direction; without biases the last two are null. */
  private record Weights(Arg.Value input, Arg.Value state, Arg.Value bias, Arg.Value stateBias) {}

  private static final class Network {
    private final Conversion cx;
    private final Kind kind;
    private final List<Arg.Value> parameters;
    private final boolean biased;
    private final int directions;
    private final boolean batchFirst;
    private final int layers;
    private final Arg.Value firstState;
    private final Arg.Value firstCell;
    private final Dim units;
    private final Dim length;
    private final Dim batch;

    Network(Conversion cx, Kind kind) {
      this.cx = cx;
      this.kind = kind;
      parameters = cx.tensors(2);
      biased = cx.bool(3, true);
      layers = Math.toIntExact(cx.integer(4, 1));
      cx.require(
          !cx.bool(6, false) || cx.floating(5, 0) == 0 || layers == 1, "dropout in training");
      directions = cx.bool(7, false) ? 2 : 1;
      batchFirst = cx.bool(8, false);
      List<Arg.Value> states =
          kind == Kind.LSTM
              ? cx.tensors(1)
              : List.of((Arg.Value) cx.node().arg(1).orElse(Arg.NONE));
      firstState = states.getFirst();
      firstCell = states.getLast();
      units = cx.meta(firstState).shape().get(2);
      length = cx.meta(0).shape().get(batchFirst ? 1 : 0);
      batch = cx.meta(0).shape().get(batchFirst ? 0 : 1);
      cx.require(cx.meta(firstCell).shape().get(2).equals(units), "projected states");
      cx.require(
          parameters.size() == layers * directions * (biased ? 4 : 2),
          "%d weights for %d layers".formatted(parameters.size(), layers));
      cx.require(cx.result().dtype() != DType.FLOAT64, "a recurrent network in double precision");
    }

    void convert() {
      Place[] results = new Place[cx.node().results().size()];
      for (int i = 0; i < results.length; i++) {
        results[i] = cx.wide(i);
      }
      List<Dim> shape = cx.meta(0).shape();
      Function<List<Dim>, Expr> input = index -> cx.load(0, index);
      for (int layer = 0; layer < layers; layer++) {
        List<Dim> outShape = cx.result().shape();
        Place out = layer == layers - 1 ? results[0] : cx.room(DType.FLOAT32, outShape);
        for (int direction = 0; direction < directions; direction++) {
          int at = layer * directions + direction;
          Weights weights = weights(at);
          Place gates = gates(input, shape, weights);
          recur(gates, weights, at, direction, out, results);
        }
        input = out::load;
        shape = outShape;
      }
      for (int i = 0; i < results.length; i++) {
        cx.narrow(i, results[i]);
      }
    }

    private Weights weights(int at) {
      int first = at * (biased ? 4 : 2);
      return new Weights(
          parameters.get(first),
          parameters.get(first + 1),
          biased ? parameters.get(first + 2) : null,
          biased ? parameters.get(first + 3) : null);
    }

    private Expr floats(Arg.Value value, List<Dim> index) {
      return Expr.cast(DType.FLOAT32, cx.load(value, index));
    }

    /** What the input of each step contributes, in the order of the input's dimensions. */
    private Place gates(Function<List<Dim>, Expr> input, List<Dim> shape, Weights weights) {
      Dim columns = units.times(kind.gates);
      List<Dim> rows = shape.subList(0, 2);
      Dim features = shape.get(2);
      Conversion.requireEqual(cx.meta(weights.input).shape().get(1), features);
      Place gates = cx.room(DType.FLOAT32, List.of(rows.get(0), rows.get(1), columns));
      Dim m = Dim.product(rows);
      Dim.Symbol am = cx.axis(m);
      Dim.Symbol ak = cx.axis(features);
      List<Dim> from = rowIndex(rows, m, am, Dim.of(ak));
      Dim.Symbol bk = cx.axis(features);
      Dim.Symbol bn = cx.axis(columns);
      Dim.Symbol em = cx.axis(m);
      Dim.Symbol en = cx.axis(columns);
      Expr sum = new Expr.Accumulator(DType.FLOAT32);
      if (biased) {
        Expr bias = bias(weights, columns).apply(List.of(Dim.of(en)));
        sum = Expr.binary(BinaryOp.ADD, sum, bias);
      }
      Function<List<Dim>, Expr> floats = cx.stored(DType.FLOAT32, shape, input);
      cx.template(
          "gemm",
          new Template.Gemm(Dim.ONE, m, columns, features),
          List.of(
              new Operand(List.of(cx.axis(Dim.ONE), am, ak), floats.apply(from)),
              new Operand(
                  List.of(cx.axis(Dim.ONE), bk, bn),
                  floats(weights.input, List.of(Dim.of(bn), Dim.of(bk))))),
          List.of(cx.axis(Dim.ONE), em, en),
          gates,
          rowIndex(rows, m, em, Dim.of(en)),
          sum);
      cx.flops(m.times(columns).times(features).times(2));
      return gates;
    }

    private static List<Dim> rowIndex(List<Dim> rows, Dim m, Dim.Symbol row, Dim column) {
      List<Dim> index = ReshapeIndex.map(rows, List.of(m), List.of(Dim.of(row)));
      return List.of(index.get(0), index.get(1), column);
    }

    /** Both biases in one, but for that of a GRU's new gate, which is reset with the state. */
    private Function<List<Dim>, Expr> bias(Weights weights, Dim columns) {
      return cx.temp(
          DType.FLOAT32,
          List.of(columns),
          index -> {
            Expr state = floats(weights.stateBias, index);
            if (kind == Kind.GRU) {
              Expr inside = Expr.within(index.getFirst(), Dim.ZERO, units.times(2));
              state = Expr.select(inside, state, Expr.literal(DType.FLOAT32, 0.0));
            }
            return Expr.binary(BinaryOp.ADD, floats(weights.bias, index), state);
          });
    }

    private void recur(
        Place gates, Weights weights, int at, int direction, Place out, Place[] results) {
      List<Dim> state = List.of(batch, units);
      Dim stride = units.plus(32);
      Place packed = cx.isForGpus() ? null : packed(weights);
      FunctionCall call =
          cx.function(HEADER, packed == null ? "recur_unpacked" : "recur")
              .option(kind.ordinal())
              .read(
                  List.of(length, batch, units.times(kind.gates)),
                  i -> gates.load(batchFirst ? List.of(i.get(1), i.get(0), i.get(2)) : i));
      if (packed == null) {
        call.read(cx.meta(weights.state).shape(), index -> floats(weights.state, index));
      } else {
        call.read(packed.shape(), packed::load);
      }
      call.read(List.of(units), newBias(weights))
          .read(state, i -> floats(firstState, List.of(Dim.of(at), i.get(0), i.get(1))))
          .read(state, i -> floats(firstCell, List.of(Dim.of(at), i.get(0), i.get(1))))
          .write(
              out,
              List.of(length, batch, units),
              i -> {
                Dim unit = i.get(2).plus(units.times(direction));
                return batchFirst
                    ? List.of(i.get(1), i.get(0), unit)
                    : List.of(i.get(0), i.get(1), unit);
              });
      for (Place last : List.of(results[1], results[results.length - 1])) {
        call.write(last, state, i -> List.of(Dim.of(at), i.get(0), i.get(1)));
      }
      Dim products = length.times(batch).times(units).times(units).times(2L * kind.gates);
      call.scratch(DType.FLOAT32, batch.times(stride).times(3))
          .size(direction)
          .flops(products)
          .emit();
    }

    private Place packed(Weights weights) {
      Dim panel = units.plus(MOST_UNITS - 1).floorDiv(Dim.of(MOST_UNITS)).times(MOST_UNITS);
      Place packed = cx.room(DType.FLOAT32, List.of(panel.times(units).times(kind.gates)));
      cx.function(HEADER, "pack_recurrent")
          .read(cx.meta(weights.state).shape(), index -> floats(weights.state, index))
          .write(packed)
          .size(kind.gates)
          .emit();
      return packed;
    }

    private Function<List<Dim>, Expr> newBias(Weights weights) {
      if (biased && kind == Kind.GRU) {
        return i -> floats(weights.stateBias, List.of(i.getFirst().plus(units.times(2))));
      }
      Function<List<Dim>, Expr> zero =
          cx.temp(DType.FLOAT32, List.of(), i -> Expr.literal(DType.FLOAT32, 0.0));
      return i -> zero.apply(List.of());
    }
  }
}
