package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/**
 * Writes the operators of an eager program to the graph, those that write in place as functional
 * ones.
 */
public final class EagerOperators {
  private final Context context;
  private final Memory memory;
  private final Aliasing aliasing;

  public EagerOperators(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
    this.aliasing = new Aliasing(context, memory);
  }

  /**
   * Runs an operator on the program's tensors as they are now.
   *
   * @param args complete, with each tensor as {@link Memory#read} gives it
   * @param given the tensors in each argument; arguments at the end that have none may be missing
   * @return its results, those of a list of known length one by one
   * @throws io.ait4j.fx.ModelException (IMPORT) if it cannot be said without writes
   */
  public List<Result> apply(OpTarget target, List<Arg> args, List<List<TensorRef>> given) {
    OperatorSchema schema = context.builder().schema(target);
    if (schema.mutates()) {
      return List.of(new Result.Tensor(write(target, schema, given, args)));
    }
    if (target.name().equals("as_strided") && given.getFirst().size() == 1) {
      return List.of(
          new Result.Tensor(
              Restriding.asStrided(context, memory, given.getFirst().getFirst(), args)));
    }
    List<Arg> results = context.builder().emit(target, args, context.source);
    return aliasing.wrap(schema, given, args, results);
  }

  /** A value of the graph as one of the program, in memory of its own. */
  public Result fresh(Arg arg) {
    return aliasing.fresh(arg);
  }

  private TensorRef write(
      OpTarget target, OperatorSchema schema, List<List<TensorRef>> given, List<Arg> args) {
    int self = -1;
    for (int i = 0; i < schema.parameters().size(); i++) {
      if (schema.parameters().get(i).type().written()) {
        if (self >= 0 || !schema.parameters().get(i).type().isTensor()) {
          throw context.refuse(target + " writes to several tensors in place, not supported");
        }
        self = i;
      }
    }
    if (self != 0 || given.isEmpty() || given.getFirst().size() != 1) {
      throw context.refuse(target + " writes to its argument in place, not supported");
    }
    TensorRef ref = given.getFirst().getFirst();
    if (MetadataWrites.apply(context, aliasing, target, ref, args)) {
      return ref;
    }
    Arg.Value before = (Arg.Value) args.getFirst();
    List<Arg> results = functional(target, args, context.typed(before));
    Arg result = results.getFirst();
    if (!(result instanceof Arg.Value next)) {
      throw context.refuse(target + " yields a constant");
    }
    memory.write(ref, fit(target, before, next));
    return ref;
  }

  /** The result of the operator that yields what {@code target} would write. */
  private List<Arg> functional(OpTarget target, List<Arg> args, TensorMeta self) {
    String name = target.name();
    boolean isAugmented = name.startsWith("__i") && name.endsWith("__");
    if (self != null && (name.equals("zero_") || name.equals("fill_") || name.equals("copy_"))) {
      Arg fill = name.equals("zero_") ? new Arg.Int(0) : args.get(1);
      if (!(fill instanceof Arg.Value)) {
        return emit(
            new OpTarget("aten", "full", ""),
            List.of(Arg.ofDims(self.shape()), fill, new Arg.Type(self.dtype())));
      }
    }
    if (self != null && name.equals("copy_") && args.get(1) instanceof Arg.Value) {
      return copied(args.get(1), self);
    }
    OpTarget out =
        isAugmented
            ? new OpTarget(target.namespace(), "__" + name.substring(3), target.overload())
            : new OpTarget(
                target.namespace(), name.substring(0, name.length() - 1), target.overload());
    if (!(isAugmented || name.endsWith("_"))
        || OperatorSchemas.find(out).isEmpty()
        || OperatorSchemas.find(out).get().parameters().size() != args.size()) {
      throw context.refuse(
          target
              + " writes in place, and PyTorch has no functional form of it; rewrite it in the"
              + " model");
    }
    return emit(out, args);
  }

  private List<Arg> copied(Arg source, TensorMeta self) {
    TensorMeta from = context.typed(source);
    Arg value = source;
    if (from == null || from.dtype() != self.dtype()) {
      value =
          emit(new OpTarget("aten", "to", "dtype"), List.of(value, new Arg.Type(self.dtype())))
              .getFirst();
    }
    return from != null && from.shape().equals(self.shape())
        ? List.of(value)
        : emit(new OpTarget("aten", "expand", ""), List.of(value, Arg.ofDims(self.shape())));
  }

  /** {@code next} in the dtype of what it replaces; a write never changes shape or type. */
  private Arg.Value fit(OpTarget target, Arg.Value before, Arg.Value next) {
    TensorMeta had = context.typed(before);
    TensorMeta has = context.typed(next);
    if (had != null && has == null) {
      return context.emitAs(had, "copy", List.of(before, next));
    }
    if (had == null) {
      return (Arg.Value) emit(new OpTarget("aten", "copy", ""), List.of(before, next)).getFirst();
    }
    if (!has.shape().equals(had.shape())) {
      throw context.refuse(
          "%s writes %s into %s: an operator in place cannot change the shape"
              .formatted(target, has, had));
    }
    return has.dtype() == had.dtype()
        ? next
        : (Arg.Value)
            emit(new OpTarget("aten", "to", "dtype"), List.of(next, new Arg.Type(had.dtype())))
                .getFirst();
  }

  private List<Arg> emit(OpTarget target, List<Arg> args) {
    return context.builder().emit(target, args, context.source);
  }
}
