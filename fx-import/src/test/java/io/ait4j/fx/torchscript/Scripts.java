package io.ait4j.fx.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.OperatorSchemas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** TorchScript modules from source, imported and held against libtorch. */
final class Scripts {
  private Scripts() {}

  /** A module with this {@code forward}; {@code return} and all, Python's indentation. */
  static JitModule module(String forward) {
    JitModule module = new JitModule(new QualifiedName("Scripted"));
    module.define(forward);
    return module;
  }

  static ImportedModel imported(JitModule module, Tensor... inputs) {
    return TorchScriptReader.read(
        module,
        Arrays.stream(inputs).map(t -> new InputSpec(null, Tensors.meta(t, "an input"))).toList());
  }

  /**
   * Imports the module, checks every value's type against libtorch's, the outputs against the
   * module's own, and that nothing writes in place; returns the graph.
   */
  static FxGraph check(String forward, Tensor... inputs) {
    return check(module(forward), inputs);
  }

  static FxGraph check(JitModule module, Tensor... inputs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        ImportedModel model = imported(module, inputs)) {
      FxGraph graph = model.graph();
      Map<String, IValue> states = new HashMap<>();
      graph
          .signature()
          .states()
          .forEach(s -> states.put(s.input(), new IValue(GraphOracle.tensor(s.initial()).clone())));
      // A second run sees what the first has left in the buffers.
      for (int run = 0; run < (states.isEmpty() ? 1 : 3); run++) {
        compareRun(module, graph, states, inputs);
      }
      assertFunctional(graph);
      return graph;
    }
  }

  private static void compareRun(
      JitModule module, FxGraph graph, Map<String, IValue> states, Tensor... inputs) {
    GraphOracle oracle = new GraphOracle();
    IValueVector given = new IValueVector();
    Map<String, IValue> own = new HashMap<>(states);
    List<IValue> all = new ArrayList<>();
    int at = 0;
    for (FxValue input : graph.inputs()) {
      if (graph.signature().isUserInput(input.name())) {
        given.push_back(new IValue(inputs[at].clone()));
        own.put(input.name(), new IValue(inputs[at++].clone()));
      }
      all.add(own.get(input.name()));
    }
    List<IValue> outputs = oracle.run(graph, all);
    List<IValue> expected = new ArrayList<>();
    flatten(module.forward(given), expected);
    assertThat(oracle.disagreements()).as("%s", graph).isEmpty();
    assertThat(graph.signature().userOutputs(graph)).as("%s", graph).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      same(outputs.get(i), expected.get(i), graph);
    }
    graph.signature().states().forEach(s -> states.put(s.input(), outputs.get(s.output())));
    for (int i = 0; i < inputs.length; i++) {
      String name = graph.inputs().get(i).name();
      IValue after =
          graph.signature().inputMutations().stream()
              .filter(m -> m.input().equals(name))
              .map(m -> outputs.get(m.output()))
              .findFirst()
              .orElse(own.get(name));
      same(after, given.get(i), graph);
    }
  }

  /**
   * Imports the module for inputs with open sizes and compares it as {@link #check} does where the
   * symbols have their least, their greatest and values between, as far as the guards let them.
   */
  static FxGraph checkDynamic(JitModule module, List<InputSpec> specs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard();
        ImportedModel model = TorchScriptReader.read(module, specs)) {
      FxGraph graph = model.graph();
      Set<Dim.Symbol> symbols = new LinkedHashSet<>();
      graph.inputs().forEach(v -> v.tensor().shape().forEach(d -> symbols.addAll(d.symbols())));
      int compared = 0;
      for (long step : new long[] {0, 1, 2, 4, 6, 12, Dim.UNBOUNDED}) {
        Map<String, Long> sizes = new HashMap<>();
        for (Dim.Symbol s : symbols) {
          // Different symbols, different sizes, if they may.
          long own = step == Dim.UNBOUNDED ? step : step + sizes.size() % 2 * 3;
          sizes.put(s.name(), own > s.max() - s.min() ? s.max() : s.min() + own);
        }
        if (graph.signature().guards().stream().allMatch(g -> g.holds(sizes))) {
          compareAt(module, graph, sizes);
          compared++;
        }
      }
      assertThat(compared).isGreaterThan(2);
      assertFunctional(graph);
      return graph;
    }
  }

  private static void compareAt(JitModule module, FxGraph graph, Map<String, Long> sizes) {
    FxGraph here = Specialised.at(graph, sizes);
    List<IValue> own = new ArrayList<>();
    IValueVector given = new IValueVector();
    for (FxValue input : here.inputs()) {
      Tensor tensor =
          input.tensor().dtype().isFloating()
              ? torch.randn(input.tensor().sizes())
              : Tensors.filled(input.tensor(), 1);
      own.add(new IValue(tensor.to(Tensors.scalarType(input.tensor().dtype()))));
      given.push_back(new IValue(own.getLast().toTensor().clone()));
    }
    GraphOracle oracle = new GraphOracle(!sizes.containsValue(1L));
    List<IValue> outputs = oracle.run(here, own);
    List<IValue> expected = new ArrayList<>();
    flatten(module.forward(given), expected);
    assertThat(oracle.disagreements()).as("%s at %s", graph, sizes).isEmpty();
    assertThat(outputs).as("%s", graph).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      close(outputs.get(i), expected.get(i), here);
    }
  }

  /** Decomposed arithmetic may round otherwise; sizes and types may not differ. */
  private static void close(IValue got, IValue expected, FxGraph graph) {
    if (!expected.isTensor() || !Tensors.meta(expected.toTensor(), "").dtype().isFloating()) {
      same(got, expected, graph);
      return;
    }
    assertThat(Tensors.meta(got.toTensor(), "").dtype())
        .isEqualTo(Tensors.meta(expected.toTensor(), "").dtype());
    assertThat(Tensors.meta(got.toTensor(), "").shape())
        .isEqualTo(Tensors.meta(expected.toTensor(), "").shape());
    assertThat(ZooCheck.distance(got.toTensor(), expected.toTensor()))
        .as("%s", graph)
        .isLessThan(1e-6);
  }

  private static void same(IValue got, IValue expected, FxGraph graph) {
    if (expected.isTensor()) {
      Tensor a = got.toTensor();
      Tensor b = expected.toTensor();
      assertThat(Tensors.meta(a, "").dtype()).isEqualTo(Tensors.meta(b, "").dtype());
      assertThat(Tensors.meta(a, "").shape()).isEqualTo(Tensors.meta(b, "").shape());
      assertThat(a.equal(b)).as("%s\n%s\ngot %s\nnot %s", graph, "", text(a), text(b)).isTrue();
    } else if (expected.isInt()) {
      assertThat(got.toInt()).isEqualTo(expected.toInt());
    } else if (expected.isBool()) {
      assertThat(got.toBool()).isEqualTo(expected.toBool());
    } else if (expected.isString()) {
      assertThat(got.toStringRef().getString()).isEqualTo(expected.toStringRef().getString());
    } else {
      assertThat(got.toDouble()).isEqualTo(expected.toDouble());
    }
  }

  private static String text(Tensor tensor) {
    StringBuilder text = new StringBuilder();
    Tensor flat = tensor.reshape(-1).to(torch.ScalarType.Double);
    for (long i = 0; i < Math.min(64, flat.numel()); i++) {
      text.append(flat.select(0, i).item().toDouble()).append(' ');
    }
    return text.toString();
  }

  private static void assertFunctional(FxGraph graph) {
    for (FxNode node : graph.nodes()) {
      OperatorSchemas.find(node.target())
          .ifPresent(schema -> assertThat(schema.mutates()).as("%s", node).isFalse());
      node.blocks().forEach(Scripts::assertFunctional);
    }
  }

  static void flatten(IValue value, List<IValue> into) {
    if (value.isTuple()) {
      for (long i = 0; i < value.toTuple().elements().size(); i++) {
        flatten(value.toTuple().elements().get(i), into);
      }
    } else if (value.isList()) {
      GenericList list = value.toList();
      for (long i = 0; i < list.size(); i++) {
        flatten(list.get(i), into);
      }
    } else if (value.isGenericDict()) {
      var at = value.toGenericDict().begin();
      for (long i = 0; i < value.toGenericDict().size(); i++, at.increment()) {
        flatten(at.access().value(), into);
      }
    } else if (!value.isNone()) {
      into.add(value);
    }
  }

  /** 0, 1, 2... as float32. */
  static Tensor range(long... sizes) {
    long n = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    return torch.arange(new Scalar(n), new TensorOptions(torch.ScalarType.Float)).reshape(sizes);
  }

  static List<String> targets(FxGraph graph) {
    return graph.nodes().stream().map(n -> n.target().toString()).toList();
  }
}
