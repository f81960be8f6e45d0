package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.onnx.proto.GraphMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Branches whose condition is known at import, and loops whose rounds are: both disappear. A branch
 * on data becomes a node.
 */
final class ControlFlow {
  /** The operators that run graphs of their own. */
  static final Set<String> OPERATORS = Set.of("If", "Loop");

  private static final int MAX_ROUNDS = 10_000;

  private final GraphImport graphs;

  ControlFlow(GraphImport graphs) {
    this.graphs = graphs;
  }

  List<OnnxValue> run(OnnxCall c, OnnxOpsets opsets, Scope scope) {
    return c.node().operator().equals("If") ? branch(c, opsets, scope) : loop(c, opsets, scope);
  }

  private List<OnnxValue> branch(OnnxCall c, OnnxOpsets opsets, Scope scope) {
    Optional<Boolean> taken = truth(c, c.value(0));
    GraphMessage yes = c.attributes().graph("then_branch");
    GraphMessage no = c.attributes().graph("else_branch");
    return taken.isPresent()
        ? graphs.block(taken.get() ? yes : no, opsets, new Scope(scope), c.attributes().enclosing())
        : DataBranch.of(c, graphs, opsets, scope).join(yes, no);
  }

  private static Optional<Boolean> truth(OnnxCall c, OnnxValue value) {
    return c.out()
        .known(value)
        .filter(k -> k.elements().size() == 1 && k.isConstant())
        .map(k -> !k.elements().getFirst().equals(Num.of(0)));
  }

  private List<OnnxValue> loop(OnnxCall c, OnnxOpsets opsets, Scope scope) {
    GraphMessage body = c.attributes().graph("body");
    long rounds = c.has(0) ? c.integers(0).getFirst() : Long.MAX_VALUE;
    OnnxValue goOn =
        c.has(1) ? c.value(1) : new OnnxValue.Known(KnownTensor.scalar(DType.BOOL, Num.of(1)));
    List<OnnxValue> carried = new ArrayList<>(c.inputs().subList(2, c.count()));
    List<List<Arg>> scans = new ArrayList<>();
    int states = carried.size();
    for (int i = states + 1; i < body.getOutputCount(); i++) {
      scans.add(new ArrayList<>());
    }
    if (body.getInputCount() != states + 2 || body.getOutputCount() < states + 1) {
      throw c.error("its body does not take what it carries");
    }
    for (long round = 0; round < rounds && goesOn(c, goOn); round++) {
      if (round == MAX_ROUNDS) {
        throw c.unsupported("a loop of more than " + MAX_ROUNDS + " rounds");
      }
      Scope inner = new Scope(scope);
      OnnxValue count = new OnnxValue.Known(KnownTensor.scalar(DType.INT64, Num.of(round)));
      inner.define(body.getInput(0).getName(), count, "the loop");
      inner.define(body.getInput(1).getName(), goOn, "the loop");
      for (int i = 0; i < states; i++) {
        inner.define(body.getInput(i + 2).getName(), carried.get(i), "the loop");
      }
      List<OnnxValue> results = graphs.block(body, opsets, inner, c.attributes().enclosing());
      goOn = results.getFirst();
      carried = new ArrayList<>(results.subList(1, states + 1));
      for (int i = 0; i < scans.size(); i++) {
        Arg element = c.out().tensor(results.get(states + 1 + i));
        scans.get(i).add(c.call("unsqueeze", element, of(0)));
      }
    }
    for (List<Arg> scan : scans) {
      if (scan.isEmpty()) {
        throw c.unsupported("a loop of no rounds that collects");
      }
      carried.add(c.out().value(c.call("cat", new Arg.Sequence(scan), of(0))));
    }
    return carried;
  }

  private static boolean goesOn(OnnxCall c, OnnxValue condition) {
    return truth(c, condition)
        .orElseThrow(
            () ->
                c.error(
                    "its end depends on data or open sizes, and such loops are not supported; export the model with a fixed number of rounds"));
  }
}
