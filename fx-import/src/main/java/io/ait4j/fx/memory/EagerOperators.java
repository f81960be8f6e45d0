package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the operators of an eager program to the graph, those that write in place as functional
 * ones.
 */
public final class EagerOperators {
  private final Context context;
  private final Memory memory;
  private final Aliasing aliasing;
  private final FunctionalForms forms;

  public EagerOperators(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
    this.aliasing = new Aliasing(context, memory);
    this.forms = new FunctionalForms(context);
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
    refuseTraining(schema, args);
    if (schema.mutates()) {
      return write(target, schema, given, args);
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

  /** These write to their running statistics without their schema saying so. */
  private void refuseTraining(OperatorSchema schema, List<Arg> args) {
    int flag =
        switch (schema.target().name()) {
          case "batch_norm" -> schema.indexOf("training");
          case "instance_norm" -> schema.indexOf("use_input_stats");
          default -> -1;
        };
    int statistics = schema.indexOf("running_mean");
    if (flag >= 0
        && args.get(flag).equals(new Arg.Bool(true))
        && statistics >= 0
        && !(args.get(statistics) instanceof Arg.None)) {
      throw context.refuse(
          schema.target()
              + " updates its running statistics at inference, which is not supported yet; export"
              + " the model in eval mode");
    }
  }

  private List<Result> write(
      OpTarget target, OperatorSchema schema, List<List<TensorRef>> given, List<Arg> args) {
    List<Integer> written = new ArrayList<>();
    List<TensorRef> refs = new ArrayList<>();
    for (int i = 0; i < schema.parameters().size(); i++) {
      if (schema.parameters().get(i).type().written()) {
        if (i >= given.size() || given.get(i).size() != 1) {
          throw context.refuse(target + " writes to its argument in place, not supported");
        }
        written.add(i);
        refs.add(given.get(i).getFirst());
      }
    }
    boolean isInPlace = written.equals(List.of(0));
    if (isInPlace && target.name().equals("requires_grad_")) {
      return List.of(new Result.Tensor(refs.getFirst()));
    }
    if (isInPlace && MetadataWrites.apply(context, aliasing, target, refs.getFirst(), args)) {
      return List.of(new Result.Tensor(refs.getFirst()));
    }
    List<Arg> results =
        isInPlace
            ? List.of(forms.inPlace(schema, args, context.typed(args.getFirst())))
            : forms.out(schema, written, args);
    for (int i = 0; i < refs.size(); i++) {
      if (!(results.get(i) instanceof Arg.Value next)) {
        throw context.refuse(target + " yields a constant");
      }
      write(target, refs.get(i), (Arg.Value) args.get(written.get(i)), next, isInPlace);
    }
    return refs.stream().map(ref -> (Result) new Result.Tensor(ref)).toList();
  }

  private void write(
      OpTarget target, TensorRef ref, Arg.Value before, Arg.Value next, boolean isInPlace) {
    TensorMeta had = context.typed(before);
    if (!isInPlace && had != null && had.numel().is(0)) {
      // An empty tensor given to be written takes the result's size: it is as good as new.
      MetadataWrites.rebind(context, ref, memory.fresh(fit(target, before, next, false)));
    } else {
      memory.write(ref, fit(target, before, next, true));
    }
  }

  /** {@code next} in the dtype of what it replaces; a write never changes shape or type. */
  private Arg.Value fit(OpTarget target, Arg.Value before, Arg.Value next, boolean keepsShape) {
    TensorMeta had = context.typed(before);
    TensorMeta has = context.typed(next);
    if (had != null && has == null) {
      return context.emitAs(had, "copy", List.of(before, next));
    }
    if (had == null) {
      return (Arg.Value) emit(new OpTarget("aten", "copy", ""), List.of(before, next)).getFirst();
    }
    if (keepsShape && !has.shape().equals(had.shape())) {
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
