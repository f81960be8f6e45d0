package io.ait4j.fx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What differs between two graphs, told to a person. The names of values and nodes and the places
 * in the source do not count: two graphs are the same if their inputs, attributes, nodes and
 * outputs are, one by one in order, once each value of the one is renamed to its counterpart in the
 * other. Numbers are compared by their bits, symbols by name and bounds, weights by type and bytes.
 */
public final class GraphDiff {
  private static final int ENOUGH = 20;

  private final List<String> found = new ArrayList<>();
  private final Map<String, String> right = new HashMap<>();
  private final Map<String, String> left = new HashMap<>();

  private GraphDiff() {}

  /** The first differences, in the order of the graphs; none if they are the same. */
  public static List<String> between(FxGraph left, FxGraph right) {
    GraphDiff diff = new GraphDiff();
    diff.graphs("", left, right);
    return List.copyOf(diff.found);
  }

  private void tell(String where, Object here, Object there) {
    tell(where, here + " here, " + there + " there");
  }

  private void tell(String where, String difference) {
    if (found.size() < ENOUGH) {
      found.add(where + ": " + difference);
    }
  }

  private boolean sameCount(String what, List<?> here, List<?> there) {
    if (here.size() != there.size()) {
      tell(what, here.size(), there.size());
    }
    return here.size() == there.size();
  }

  private void graphs(String where, FxGraph here, FxGraph there) {
    values(where + "input", here.inputs(), there.inputs());
    values(where + "attribute", here.attributes(), there.attributes());
    for (int i = 0; i < Math.min(here.attributes().size(), there.attributes().size()); i++) {
      weights(
          where + "attribute " + i,
          here.weights().get(here.attributes().get(i).name()),
          there.weights().get(there.attributes().get(i).name()));
    }
    sameCount(where + "number of nodes", here.nodes(), there.nodes());
    for (int i = 0; i < Math.min(here.nodes().size(), there.nodes().size()); i++) {
      nodes(where + "node " + i, here.nodes().get(i), there.nodes().get(i));
    }
    args(where + "output", here.outputs(), there.outputs());
    signatures(where, here.signature(), there.signature());
  }

  /** Values that the graphs define: the same types, and from now on each other's counterparts. */
  private void values(String what, List<FxValue> here, List<FxValue> there) {
    sameCount("number of " + what + "s", here, there);
    for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
      FxValue a = here.get(i);
      FxValue b = there.get(i);
      right.put(a.name(), b.name());
      left.put(b.name(), a.name());
      if (!MetaDiff.same(a.meta(), b.meta())) {
        tell(
            "%s %d (%%%s)".formatted(what, i, a.name()),
            MetaDiff.text(a.meta()),
            MetaDiff.text(b.meta()));
      }
    }
  }

  private void nodes(String where, FxNode here, FxNode there) {
    String what = "%s (%%%s = %s)".formatted(where, here.name(), here.target());
    if (!here.target().equals(there.target())) {
      tell(what, here.target(), there.target());
    }
    args(what + " argument", here.args(), there.args());
    values(what + " result", here.results(), there.results());
    if (sameCount(what + " number of blocks", here.blocks(), there.blocks())) {
      for (int i = 0; i < here.blocks().size(); i++) {
        graphs(where + " block " + i + " ", here.blocks().get(i), there.blocks().get(i));
      }
    }
  }

  private void args(String what, List<Arg> here, List<Arg> there) {
    sameCount("number of " + what + "s", here, there);
    for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
      if (!same(here.get(i), there.get(i))) {
        tell(what + " " + i, FxPrinter.arg(here.get(i)), FxPrinter.arg(there.get(i)));
      }
    }
  }

  private boolean same(Arg here, Arg there) {
    return switch (here) {
      case Arg.Value a -> there instanceof Arg.Value b && paired(a.name(), b.name());
      case Arg.Float a ->
          there instanceof Arg.Float b
              && Double.doubleToRawLongBits(a.value()) == Double.doubleToRawLongBits(b.value());
      case Arg.SymInt a -> there instanceof Arg.SymInt b && MetaDiff.same(a.value(), b.value());
      case Arg.Sequence a -> {
        boolean equal =
            there instanceof Arg.Sequence b && a.elements().size() == b.elements().size();
        for (int i = 0; equal && i < a.elements().size(); i++) {
          equal = same(a.elements().get(i), ((Arg.Sequence) there).elements().get(i));
        }
        yield equal;
      }
      case Arg other -> other.equals(there);
    };
  }

  private boolean paired(String here, String there) {
    return Objects.equals(right.get(here), there) && Objects.equals(left.get(there), here);
  }

  private void weights(String what, Weight here, Weight there) {
    WeightDiff.between(here, there).ifPresent(text -> tell(what + " weight", text));
  }

  private void signatures(String where, GraphSignature here, GraphSignature there) {
    if (!here.outputNames().equals(there.outputNames())) {
      tell(where + "names of the outputs", here.outputNames(), there.outputNames());
    }
    if (sameCount(where + "number of states", here.states(), there.states())) {
      for (int i = 0; i < here.states().size(); i++) {
        GraphSignature.State a = here.states().get(i);
        GraphSignature.State b = there.states().get(i);
        if (!paired(a.input(), b.input()) || a.output() != b.output()) {
          tell(
              where + "state " + i,
              a.input() + " -> output " + a.output(),
              b.input() + " -> output " + b.output());
        }
        weights(where + "state " + i, a.initial(), b.initial());
      }
    }
    if (sameCount(
        where + "number of input mutations", here.inputMutations(), there.inputMutations())) {
      for (int i = 0; i < here.inputMutations().size(); i++) {
        GraphSignature.InputMutation a = here.inputMutations().get(i);
        GraphSignature.InputMutation b = there.inputMutations().get(i);
        if (!paired(a.input(), b.input()) || a.output() != b.output()) {
          tell(where + "input mutation " + i, a, b);
        }
      }
    }
    if (sameCount(where + "number of guards", here.guards(), there.guards())) {
      for (int i = 0; i < here.guards().size(); i++) {
        if (!same(here.guards().get(i), there.guards().get(i))) {
          tell(where + "guard " + i, here.guards().get(i), there.guards().get(i));
        }
      }
    }
  }

  private static boolean same(Guard here, Guard there) {
    return here.relation() == there.relation()
        && here.reason().equals(there.reason())
        && MetaDiff.same(here.left(), there.left())
        && MetaDiff.same(here.right(), there.right());
  }
}
