package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.torchscript.LibtorchTyper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recurrent networks of every kind, one library for all their forms. */
class RecurrentOperatorsTest {
  private static final List<String> KINDS =
      List.of("lstm.input", "gru.input", "rnn_tanh.input", "rnn_relu.input");

  @TempDir Path cache;
  private Oracle oracle;
  private final long seed = System.nanoTime();

  @BeforeEach
  void open() {
    oracle = new Oracle(cache, seed);
  }

  @AfterEach
  void close() {
    oracle.close();
  }

  /** A form of a network. */
  private record Form(
      int features,
      int units,
      int layers,
      boolean bidirectional,
      boolean batchFirst,
      boolean bias) {
    int directions() {
      return bidirectional ? 2 : 1;
    }
  }

  private List<Arg> weights(FxGraphBuilder builder, String kind, Form form) {
    int gates = kind.startsWith("lstm") ? 4 : kind.startsWith("gru") ? 3 : 1;
    List<Arg> weights = new ArrayList<>();
    for (int layer = 0; layer < form.layers; layer++) {
      long features = layer == 0 ? form.features : (long) form.units * form.directions();
      for (int direction = 0; direction < form.directions(); direction++) {
        weights.add(oracle.weight(builder, (long) gates * form.units, features));
        weights.add(oracle.weight(builder, (long) gates * form.units, form.units));
        if (form.bias) {
          weights.add(oracle.weight(builder, (long) gates * form.units));
          weights.add(oracle.weight(builder, (long) gates * form.units));
        }
      }
    }
    return weights;
  }

  private List<Arg> network(FxGraphBuilder b, String kind, Form form, Dim length, Dim batch) {
    List<Dim> shape =
        form.batchFirst
            ? List.of(batch, length, Dim.of(form.features))
            : List.of(length, batch, Dim.of(form.features));
    Arg x = b.input("x", TensorMeta.contiguous(DType.FLOAT32, shape));
    List<Dim> states =
        List.of(Dim.of((long) form.layers * form.directions()), batch, Dim.of(form.units));
    Arg state = b.input("h", TensorMeta.contiguous(DType.FLOAT32, states));
    Arg first =
        kind.startsWith("lstm")
            ? new Arg.Sequence(
                List.of(state, b.input("c", TensorMeta.contiguous(DType.FLOAT32, states))))
            : state;
    return b.emit(
        OpTarget.parse("aten::" + kind),
        List.of(
            x,
            first,
            new Arg.Sequence(weights(b, kind, form)),
            new Arg.Bool(form.bias),
            new Arg.Int(form.layers),
            new Arg.Float(0.5),
            new Arg.Bool(false),
            new Arg.Bool(form.bidirectional),
            new Arg.Bool(form.batchFirst)),
        "");
  }

  @Test
  void everyForm() {
    List<Form> forms =
        List.of(
            new Form(5, 7, 1, false, false, true),
            new Form(5, 40, 2, true, true, true),
            new Form(33, 32, 2, false, true, false),
            new Form(3, 1, 3, true, false, true));
    FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
    List<Arg> results = new ArrayList<>();
    List<Oracle.Expected> expected = new ArrayList<>();
    int[][] sizes = {{1, 1}, {9, 3}, {4, 14}, {6, 0}};
    for (String kind : KINDS) {
      for (int i = 0; i < forms.size(); i++) {
        for (Arg result :
            network(builder, kind, forms.get(i), Dim.of(sizes[i][0]), Dim.of(sizes[i][1]))) {
          results.add(result);
          expected.add(new Oracle.Expected(kind + " " + forms.get(i) + ", seed " + seed, 2e-5));
        }
      }
    }
    FxGraph graph = builder.build(results);
    oracle.check(
        graph, graph.inputs().stream().map(v -> oracle.fill(v.tensor())).toList(), expected);
  }

  @Test
  void lengthAndBatchMayBeOpen() {
    Dim length = Dim.symbol("t", 1, 60);
    Dim batch = Dim.symbol("b", 0, 40);
    List<Map<String, Long>> sizes =
        new ArrayList<>(
            List.of(
                Map.of("t", 1L, "b", 1L), Map.of("t", 60L, "b", 5L), Map.of("t", 7L, "b", 40L)));
    Random random = new Random(seed);
    while (sizes.size() < 200) {
      sizes.add(Map.of("t", random.nextLong(1, 18), "b", random.nextLong(18)));
    }
    FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
    Form form = new Form(12, 20, 2, true, true, true);
    List<Arg> results = new ArrayList<>();
    KINDS.subList(0, 2).forEach(k -> results.addAll(network(builder, k, form, length, batch)));
    CompiledPartition compiled = oracle.checkSizes(builder.build(results), sizes, 2e-5);
    assertThat(compiled.report().kernels())
        .as("a product for each layer, a recurrence for each of its directions, nothing else")
        .hasSize(12);
  }
}
