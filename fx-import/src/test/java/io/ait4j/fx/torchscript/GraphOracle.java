package io.ait4j.fx.torchscript;

import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs a graph in libtorch, operator by operator, and holds every value's recorded type against the
 * tensor that libtorch makes.
 */
public final class GraphOracle {
  /** One disagreement between graph and libtorch. */
  public record Disagreement(FxNode node, String problem) {
    @Override
    public String toString() {
      return node + "\n    " + problem;
    }
  }

  private final List<Disagreement> disagreements = new ArrayList<>();
  private final boolean comparesStrides;

  public GraphOracle() {
    this(true);
  }

  /**
   * @param comparesStrides false where a symbolic size is 1: whether a reshape copies may turn on
   *     that, and the type says what holds for other sizes
   */
  public GraphOracle(boolean comparesStrides) {
    this.comparesStrides = comparesStrides;
  }

  /** What was recorded wrongly, in graph order. */
  public List<Disagreement> disagreements() {
    return disagreements;
  }

  public List<IValue> run(FxGraph graph, List<IValue> inputs) {
    return run(graph, inputs, new HashMap<>());
  }

  private List<IValue> run(FxGraph graph, List<IValue> inputs, Map<String, IValue> outside) {
    Map<String, IValue> values = new HashMap<>(outside);
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i).name(), inputs.get(i));
    }
    graph.weights().forEach((name, weight) -> values.put(name, new IValue(tensor(weight))));
    for (FxNode node : graph.nodes()) {
      List<IValue> results;
      try {
        results = run(node, values);
      } catch (RuntimeException e) {
        throw new AssertionError(
            node
                + "\n    "
                + Libtorch.firstLine(String.valueOf(e.getMessage()))
                + "; before it: "
                + disagreements,
            e);
      }
      if (results.size() != node.results().size()) {
        throw new AssertionError(node + "\n    yields " + results.size() + " values");
      }
      for (int i = 0; i < results.size(); i++) {
        FxValue value = node.results().get(i);
        values.put(value.name(), results.get(i));
        compare(node, value, results.get(i));
      }
    }
    IValues boxes = new IValues(values::get);
    return graph.outputs().stream().map(arg -> boxes.box(arg, SCALAR)).toList();
  }

  private static final SchemaType TENSORS = new SchemaType("Tensor", 1, 0, false, false, "", false);
  private static final SchemaType SCALAR = new SchemaType("Scalar", 0, 0, false, false, "", false);

  private List<IValue> run(FxNode node, Map<String, IValue> values) {
    IValues boxes = new IValues(values::get);
    if (node.target().equals(OpTarget.parse("prim::If"))) {
      boolean taken = boxes.box(node.args().getFirst(), SCALAR).toBool();
      return run(node.blocks().get(taken ? 0 : 1), List.of(), values);
    }
    if (node.target().equals(OpTarget.parse("prim::Loop"))) {
      List<IValue> carried = new ArrayList<>();
      node.args().forEach(arg -> carried.add(boxes.box(arg, SCALAR)));
      long count = carried.removeFirst().toInt();
      boolean goOn = carried.removeFirst().toBool();
      for (long i = 0; goOn && i < count; i++) {
        carried.addFirst(new IValue(i));
        List<IValue> next = run(node.blocks().getFirst(), carried, values);
        goOn = next.getFirst().toBool();
        carried.clear();
        carried.addAll(next.subList(1, next.size()));
      }
      return carried;
    }
    if (node.target().equals(OpTarget.parse("prim::ListConstruct"))) {
      return List.of(boxes.box(new io.ait4j.fx.Arg.Sequence(node.args()), TENSORS));
    }
    OperatorSchema schema = OperatorSchemas.find(node.target()).orElseThrow();
    List<IValue> args = new ArrayList<>();
    for (int i = 0; i < node.args().size(); i++) {
      args.add(boxes.box(node.args().get(i), schema.parameters().get(i).type()));
    }
    IValue[] results = Libtorch.run(node.target(), args);
    if (results.length == 1 && results[0].isList() && schema.returns().getFirst().isTensorList()) {
      GenericList list = results[0].toList();
      List<IValue> elements = new ArrayList<>();
      for (long i = 0; i < list.size(); i++) {
        elements.add(list.get(i));
      }
      return elements;
    }
    return List.of(results);
  }

  private void compare(FxNode node, FxValue value, IValue actual) {
    switch (value.meta()) {
      case TensorMeta meta -> {
        TensorMeta real = Tensors.meta(actual.toTensor(), "%" + value.name());
        boolean strides = !comparesStrides || real.numel().is(0) || sameStrides(meta, real);
        if (meta.dtype() != real.dtype() || !meta.shape().equals(real.shape()) || !strides) {
          disagreements.add(
              new Disagreement(
                  node, "%" + value.name() + " is " + full(real) + " not " + full(meta)));
        }
      }
      case ValueMeta.Scalar(DType dtype) -> {
        boolean right =
            dtype == DType.INT64
                ? actual.isInt()
                : dtype == DType.BOOL ? actual.isBool() : actual.isDouble();
        if (!right) {
          disagreements.add(new Disagreement(node, "%" + value.name() + " is no " + dtype));
        }
      }
      case ValueMeta other -> {}
    }
  }

  private static String full(TensorMeta meta) {
    return meta.dtype() + " " + meta.shape() + " strides " + meta.strides();
  }

  /** A dimension of size 1 has no stride that anybody could see. */
  private static boolean sameStrides(TensorMeta a, TensorMeta b) {
    for (int i = 0; i < a.rank(); i++) {
      if (!a.shape().get(i).is(1) && !a.strides().get(i).equals(b.strides().get(i))) {
        return false;
      }
    }
    return true;
  }

  static Tensor tensor(Weight weight) {
    TensorMeta meta = weight.meta();
    long[] strides = meta.strides().stream().mapToLong(d -> d.value()).toArray();
    Pointer data =
        new Pointer((Pointer) null) {
          {
            address = weight.data().address();
          }
        };
    return torch.from_blob(
        data, meta.sizes(), strides, new TensorOptions(Tensors.scalarType(meta.dtype())));
  }
}
