package io.ait4j.fx.decompose;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.RandomTensors;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.TorchOracle;
import io.ait4j.fx.Typer;
import io.ait4j.fx.rules.CoreOperators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Compares a decomposed operator, run node by node in libtorch, with the operator itself. */
final class DecompositionChecks {
  private DecompositionChecks() {}

  /**
   * Runs {@code cases} random calls; at least a third has to be valid, and all yield core nodes.
   */
  static void compare(String name, int cases, Function<RandomTensors, List<Arg>> arguments) {
    compare(name, cases, true, arguments);
  }

  /** The same where some forms of the operator stay whole. */
  static void comparePartly(String name, int cases, Function<RandomTensors, List<Arg>> arguments) {
    compare(name, cases, false, arguments);
  }

  private static void compare(
      String name, int cases, boolean core, Function<RandomTensors, List<Arg>> arguments) {
    assertThat(Decompositions.find(OpTarget.parse("aten::" + name))).isPresent();
    int valid = 0;
    List<String> differences = new ArrayList<>();
    for (int seed = 0; seed < cases; seed++) {
      try (PointerScope scope = new PointerScope()) {
        RandomTensors tensors = new RandomTensors(seed * 7919L + name.hashCode());
        List<Arg> args = arguments.apply(tensors);
        try {
          valid += compare(OpTarget.parse("aten::" + name), args, core, tensors) ? 1 : 0;
        } catch (RuntimeException | AssertionError e) {
          differences.add(seed + ": " + args + " of " + describe(tensors) + "\n  " + e);
        }
      }
    }
    assertThat(differences).as("%s: %d of %d", name, differences.size(), valid).isEmpty();
    assertThat(valid).as("%s: valid cases", name).isGreaterThanOrEqualTo(cases / 3);
  }

  private static boolean compare(
      OpTarget target, List<Arg> args, boolean core, RandomTensors tensors) {
    List<Tensor> expected;
    try {
      expected = TorchOracle.run(target, args, tensors.values());
    } catch (RuntimeException e) {
      return false;
    }
    FxGraphBuilder builder = new FxGraphBuilder(Typer.NONE);
    tensors
        .values()
        .forEach(
            (name, tensor) -> {
              Arg.Value input = builder.input(name, TorchOracle.meta(tensor));
              assertThat(input.name()).isEqualTo(name);
            });
    List<Arg> outputs = builder.emit(target, args, "test");
    FxGraph graph = builder.build(outputs);
    Map<String, Tensor> values = new HashMap<>(tensors.values());
    for (FxNode node : graph.nodes()) {
      if (core) {
        assertThat(CoreOperators.contains(node.target())).as("%s is core", node).isTrue();
      }
      run(node, values);
    }
    assertThat(outputs).hasSameSizeAs(expected);
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i) instanceof Arg.Value(String name) && expected.get(i) != null) {
        compare(values.get(name), expected.get(i), graph);
      } else {
        assertThat(expected.get(i) == null || expected.get(i).numel() == 0).isTrue();
      }
    }
    return true;
  }

  private static void run(FxNode node, Map<String, Tensor> values) {
    List<Tensor> results = TorchOracle.run(node.target(), node.args(), values);
    for (int i = 0; i < node.results().size(); i++) {
      FxValue value = node.results().get(i);
      Tensor actual = results.get(i);
      if (value.meta() instanceof TensorMeta meta) {
        TensorMeta found = TorchOracle.meta(actual);
        assertThat(TorchOracle.sameType(meta, found)).as("%s yields %s", node, found).isTrue();
      }
      values.put(value.name(), actual);
    }
  }

  private static void compare(Tensor actual, Tensor expected, FxGraph graph) {
    TensorMeta wanted = TorchOracle.meta(expected);
    TensorMeta found = TorchOracle.meta(actual);
    assertThat(found.dtype()).as("%s", graph).isEqualTo(wanted.dtype());
    assertThat(found.shape()).as("%s", graph).isEqualTo(wanted.shape());
    double tolerance =
        switch (wanted.dtype()) {
          case FLOAT64, COMPLEX128 -> 1e-11;
          case FLOAT32, COMPLEX64 -> 5e-6;
          case FLOAT16 -> 2e-3;
          case BFLOAT16 -> 2e-2;
          default -> 0;
        };
    DType wide = wanted.dtype().isComplex() ? DType.COMPLEX128 : DType.FLOAT64;
    boolean close =
        torch.allclose(
            actual.to(TorchOracle.scalarType(wide)),
            expected.to(TorchOracle.scalarType(wide)),
            tolerance,
            tolerance,
            true);
    assertThat(close)
        .as(() -> graph + "\n" + text(actual) + "\nexpected\n" + text(expected))
        .isTrue();
  }

  private static String text(Tensor tensor) {
    Tensor flat = tensor.to(torch.ScalarType.Double).reshape(-1L);
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < Math.min(12, flat.numel()); i++) {
      text.append(flat.select(0, i).item().toDouble()).append(' ');
    }
    return text.toString();
  }

  private static String describe(RandomTensors tensors) {
    StringBuilder text = new StringBuilder();
    tensors
        .values()
        .forEach(
            (name, t) -> text.append(name).append('=').append(TorchOracle.meta(t)).append(' '));
    return text.toString();
  }
}
