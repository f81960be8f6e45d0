package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where reading stands: the graph or block being written, the place in the source. */
public final class Context {
  /** What a block under construction has changed of the state outside it. */
  private static final class Journal {
    final Set<Storage> written = new LinkedHashSet<>();
    private final List<Runnable> undo = new ArrayList<>();
  }

  private FxGraphBuilder builder;
  private final Deque<FxGraphBuilder> outer = new ArrayDeque<>();
  private final Deque<Journal> journals = new ArrayDeque<>();

  /** The user's line of the operator being read, or the path of its module. */
  public String source = "";

  public Context(FxGraphBuilder builder) {
    this.builder = builder;
  }

  /** Of the graph, or of the innermost open block. */
  public FxGraphBuilder builder() {
    return builder;
  }

  /** How many blocks of data-dependent control flow are open. */
  public int level() {
    return journals.size();
  }

  /** Begins a block of data-dependent control flow: nodes go into it until it is closed. */
  public void openBlock() {
    outer.push(builder);
    builder = builder.block();
    journals.push(new Journal());
  }

  /** Ends a block; storages and tensors outside are again what they were. */
  public void closeBlock() {
    Journal journal = journals.pop();
    journal.undo.reversed().forEach(Runnable::run);
    builder = outer.pop();
  }

  /** Storages from outside that the block being read has written so far. */
  public Set<Storage> writtenInBlock() {
    return journals.peek().written;
  }

  /** To be called before state made at {@code level} is changed. */
  void beforeChange(int level, Runnable undo) {
    if (level < level()) {
      journals.peek().undo.add(undo);
    }
  }

  void written(Storage storage) {
    if (storage.level < level()) {
      journals.peek().written.add(storage);
    }
  }

  /** The value's type if it is a tensor of known shape, else null. */
  public TensorMeta typed(Arg value) {
    return builder.isTensor(value) ? builder.meta(value) : null;
  }

  /** Adds an operator of ATen whose result is known to be of {@code type}, whatever its args. */
  Arg.Value emitAs(TensorMeta type, String name, List<Arg> args) {
    OpTarget target = new OpTarget("aten", name, "");
    List<Arg> complete = builder.schema(target).match(args);
    return (Arg.Value)
        builder.append(target, complete, List.of(type), List.of(), source).getFirst();
  }

  /** An error at the present place of the source. */
  public ModelException refuse(String problem) {
    return refuse(problem, null);
  }

  public ModelException refuse(String problem, Throwable cause) {
    return new ModelException(
        ModelException.Kind.IMPORT, (source.isEmpty() ? "" : source + ": ") + problem, cause);
  }
}
