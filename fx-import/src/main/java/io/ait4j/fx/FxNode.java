package io.ait4j.fx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One step of a graph, FX's {@code call_function} (placeholders, attributes and outputs are fields
 * of {@link FxGraph}).
 *
 * @param name unique in its graph
 * @param target the operator; {@code prim::If} and {@code prim::Loop} for control flow that depends
 *     on data
 * @param args in the order of the operator's schema, every defaulted argument filled in
 * @param results what it yields, in schema order; an operator that returns a list of known length
 *     yields its elements
 * @param blocks the bodies of control flow, empty otherwise; they may read the values of the
 *     enclosing graph
 * @param source where the user wrote it, {@code file.py:12} or a module path; empty if the file
 *     does not say
 */
public record FxNode(
    String name,
    OpTarget target,
    List<Arg> args,
    List<FxValue> results,
    List<FxGraph> blocks,
    String source) {
  public FxNode {
    args = List.copyOf(args);
    results = List.copyOf(results);
    blocks = List.copyOf(blocks);
  }

  public FxNode(
      String name, OpTarget target, List<Arg> args, List<FxValue> results, String source) {
    this(name, target, args, results, List.of(), source);
  }

  /** The only result; throws {@link IllegalStateException} if there are none or several. */
  public FxValue result() {
    if (results.size() != 1) {
      throw new IllegalStateException(
          "node " + name + " (" + target + ") has " + results.size() + " results");
    }
    return results.getFirst();
  }

  /** Names of all values this node reads from its graph, those that its blocks capture included. */
  public Set<String> inputs() {
    Set<String> names = new LinkedHashSet<>();
    args.forEach(arg -> arg.forEachValue(names::add));
    blocks.forEach(block -> names.addAll(block.captures()));
    return names;
  }

  /** Argument {@code i}, empty if it is None or beyond the end. */
  public Optional<Arg> arg(int i) {
    return i < args.size() && !(args.get(i) instanceof Arg.None)
        ? Optional.of(args.get(i))
        : Optional.empty();
  }

  public FxNode withArgs(List<Arg> newArgs) {
    return new FxNode(name, target, newArgs, results, blocks, source);
  }

  public FxNode withResults(List<FxValue> newResults) {
    return new FxNode(name, target, args, newResults, blocks, source);
  }

  @Override
  public String toString() {
    return FxPrinter.node(this);
  }
}
