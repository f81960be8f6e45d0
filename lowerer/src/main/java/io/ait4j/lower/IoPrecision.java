package io.ait4j.lower;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Typer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The types in which a caller passes and gets floating-point tensors, where these are not the
 * model's: AITemplate's {@code precision} and {@code output_precision}. Only float32, float16 and
 * bfloat16 change; the model computes as before, a border's conversion being one more operator of
 * the graph, which the compiler takes into the kernels beside it. A tensor that the model writes
 * stays of one type; states are the model's.
 *
 * @param inputs empty for the model's own types
 * @param outputs likewise
 */
public record IoPrecision(Optional<Precision> inputs, Optional<Precision> outputs) {
  /** As the model says. */
  public static final IoPrecision OF_MODEL = new IoPrecision(Optional.empty(), Optional.empty());

  /**
   * @throws ModelException (USAGE) for TF32, which is no type of tensors
   */
  public IoPrecision {
    if (Stream.of(inputs, outputs).flatMap(Optional::stream).anyMatch(Precision.TF32::equals)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "inputs and outputs cannot be tf32, which tensors are never kept in; use fp32");
    }
  }

  /** The same graph for callers with these types. */
  public FxGraph of(FxGraph graph) {
    return equals(OF_MODEL) ? graph : new Rewrite(graph).done();
  }

  private static boolean converts(FxValue value, Optional<Precision> wanted) {
    return wanted.isPresent()
        && value.meta() instanceof TensorMeta meta
        && (meta.dtype() == DType.FLOAT32
            || meta.dtype() == DType.FLOAT16
            || meta.dtype() == DType.BFLOAT16)
        && meta.dtype() != wanted.get().storage();
  }

  private final class Rewrite {
    private final FxGraph graph;
    private final Set<String> names;
    private final Map<String, FxValue> values;
    private final List<FxNode> nodes = new ArrayList<>();

    /** The value of the model's own type that stands for an input of another. */
    private final Map<String, Arg> own = new HashMap<>();

    Rewrite(FxGraph graph) {
      this.graph = graph;
      values = graph.values();
      names = new HashSet<>(values.keySet());
      graph.nodes().forEach(node -> names.add(node.name()));
    }

    FxGraph done() {
      GraphSignature signature = graph.signature();
      List<FxValue> taken = graph.inputs().stream().map(this::taken).toList();
      graph.nodes().forEach(node -> nodes.add(renamed(node)));
      List<Arg> given = new ArrayList<>(graph.outputs().stream().map(this::renamed).toList());
      for (int i = 0; i < signature.userOutputs(graph); i++) {
        given.set(i, given(given.get(i), outputs));
      }
      for (GraphSignature.InputMutation mutation : signature.inputMutations()) {
        if (own.containsKey(mutation.input())) {
          given.set(mutation.output(), given(given.get(mutation.output()), inputs));
        }
      }
      return new FxGraph(taken, graph.attributes(), nodes, given, graph.weights(), signature);
    }

    private FxValue taken(FxValue input) {
      if (!graph.signature().isUserInput(input.name()) || !converts(input, inputs)) {
        return input;
      }
      FxValue other = new FxValue(input.name(), input.tensor().withDtype(inputs.get().storage()));
      own.put(input.name(), cast(other, input.tensor().dtype()));
      return other;
    }

    private Arg given(Arg output, Optional<Precision> wanted) {
      return output instanceof Arg.Value(String name) && converts(values.get(name), wanted)
          ? cast(values.get(name), wanted.get().storage())
          : output;
    }

    private Arg cast(FxValue from, DType dtype) {
      FxGraphBuilder typed = new FxGraphBuilder(Typer.NONE);
      Arg.Value of = typed.input(from.name(), from.meta());
      Arg converted = typed.call("aten::_to_copy", of, new Arg.Type(dtype));
      FxNode node = typed.build(List.of(converted)).nodes().getLast();
      String name = fresh(from.name() + "_" + dtype.torchName());
      FxValue result = new FxValue(name, node.result().meta());
      values.put(name, result);
      nodes.add(new FxNode(name, node.target(), node.args(), List.of(result), ""));
      return new Arg.Value(name);
    }

    private Arg renamed(Arg arg) {
      return arg.map(a -> a instanceof Arg.Value(String name) ? own.getOrDefault(name, a) : a);
    }

    private FxNode renamed(FxNode node) {
      return new FxNode(
          node.name(),
          node.target(),
          node.args().stream().map(this::renamed).toList(),
          node.results(),
          node.blocks().stream().map(this::renamed).toList(),
          node.source());
    }

    private FxGraph renamed(FxGraph block) {
      return block
          .withNodes(block.nodes().stream().map(this::renamed).toList())
          .withOutputs(block.outputs().stream().map(this::renamed).toList());
    }

    private String fresh(String name) {
      String free = name;
      for (int i = 1; !names.add(free); i++) {
        free = name + "_" + i;
      }
      return free;
    }
  }
}
