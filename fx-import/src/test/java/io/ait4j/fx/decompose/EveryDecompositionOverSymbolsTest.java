package io.ait4j.fx.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Calls of every decomposition at sizes of 4, and the same calls with a symbol in the place of 4:
 * refused with one clear error, or the same results where the symbol is 4.
 */
class EveryDecompositionOverSymbolsTest {
  private static final Dim N = Dim.symbol("n", 2, 64);
  private static final int TRIES = 400;

  /**
   * A size is their number of parts, has to be even, or is among their samples' constants; {@link
   * SymbolicDecompositionsTest} tries what it can of them.
   */
  private static final Set<String> CONSTANT =
      Set.of(
          "aten::unbind.int",
          "aten::unbind_copy.int",
          "aten::_embedding_bag",
          "aten::_embedding_bag_forward_only",
          "aten::embedding_bag",
          "aten::embedding_bag.padding_idx",
          "aten::glu",
          "aten::cross",
          "aten::linalg_cross",
          "aten::gru_cell",
          "aten::lstm_cell",
          "aten::native_layer_norm",
          "aten::split.sizes",
          "aten::split_with_sizes",
          "aten::split_with_sizes_copy",
          "aten::unsafe_split_with_sizes");

  private final List<String> wrong = new ArrayList<>();

  @Test
  void symbolsAreKeptOrRefused() {
    Set<String> untried = new TreeSet<>();
    for (OpTarget target : Decompositions.all()) {
      if (!check(target) && !CONSTANT.contains(target.toString())) {
        untried.add(target.toString());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(untried).isEmpty();
  }

  /** Whether some call worked with a symbol among its sizes. */
  private boolean check(OpTarget target) {
    OperatorSchema schema = OperatorSchemas.find(target).orElseThrow();
    Random random = new Random(target.toString().hashCode() * 31L);
    boolean symbolic =
        schema.parameters().stream().noneMatch(p -> p.type().base().equals("Tensor"));
    for (int i = 0; i < TRIES; i++) {
      SampleCall call = SampleCall.of(schema, random);
      try {
        FxGraph sized = call.emitted(UnaryOperator.identity());
        try {
          FxGraph open = call.emitted(EveryDecompositionOverSymbolsTest::opened);
          compare(call, sized, open);
          symbolic |= call.inputs().stream().anyMatch(x -> x.shape().contains(Dim.of(4)));
        } catch (ModelException e) {
          if (!e.getMessage().contains(target.toString())) {
            wrong.add(call + ": " + e.getMessage());
          }
        }
      } catch (ModelException e) {
        // Not a call of this operator.
      }
    }
    return symbolic;
  }

  /** 4 and its powers as the symbol and its powers. */
  private static Dim opened(Dim size) {
    return switch ((int) size.value()) {
      case 4 -> N;
      case 8 -> N.times(2);
      case 12 -> N.times(3);
      case 16 -> N.times(N);
      case 64 -> N.times(N).times(N);
      case 256 -> N.times(N).times(N).times(N);
      default -> size;
    };
  }

  private void compare(SampleCall call, FxGraph sized, FxGraph open) {
    if (sized.outputs().size() != open.outputs().size()) {
      wrong.add(call + ": " + sized.outputs() + " and " + open.outputs());
      return;
    }
    Map<String, ValueMeta> sizedMetas = metas(sized);
    Map<String, ValueMeta> openMetas = metas(open);
    for (int i = 0; i < sized.outputs().size(); i++) {
      if (sized.outputs().get(i) instanceof Arg.Value(String name)
          && open.outputs().get(i) instanceof Arg.Value(String other)) {
        String expected = text(sizedMetas.get(name));
        String found = text(openMetas.get(other));
        if (!expected.equals(found)) {
          wrong.add(call + ": " + expected + ", over symbols " + found + "\n" + open);
        }
      }
    }
  }

  /** dtype and shape where the symbol is 4. */
  private static String text(ValueMeta meta) {
    return meta instanceof TensorMeta t
        ? t.dtype() + " " + t.shape().stream().map(d -> d.evaluate(Map.of("n", 4L))).toList()
        : meta.toString();
  }

  private static Map<String, ValueMeta> metas(FxGraph graph) {
    Map<String, ValueMeta> metas = new HashMap<>();
    graph.inputs().forEach(v -> metas.put(v.name(), v.meta()));
    for (FxNode node : graph.nodes()) {
      for (FxValue value : node.results()) {
        metas.put(value.name(), value.meta());
      }
    }
    return metas;
  }
}
