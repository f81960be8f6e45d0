package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.rules.ShapeRules;
import java.util.ArrayList;
import java.util.List;

/** Knows which results share memory with an argument, in PyTorch's eager execution. */
final class Aliasing {
  private enum Sharing {
    NONE,
    SHARED,
    UNKNOWN
  }

  private final Context context;
  private final Memory memory;

  Aliasing(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
  }

  /**
   * The results of an operator as values of the source program, those of a list one by one.
   *
   * @param given the tensors in each argument
   */
  List<Result> wrap(
      OperatorSchema schema, List<List<TensorRef>> given, List<Arg> args, List<Arg> results) {
    List<SchemaType> returns = schema.returns();
    boolean isList = returns.size() == 1 && returns.getFirst().isTensorList();
    List<Result> wrapped = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      SchemaType type = returns.get(isList ? 0 : i);
      wrapped.add(
          type.base().equals("Tensor")
              ? tensor(schema, type, given, args, results.get(i), i)
              : new Result.Plain(results.get(i)));
    }
    return wrapped;
  }

  /** A value of the graph in memory of its own. */
  Result fresh(Arg arg) {
    if (!(arg instanceof Arg.Value value)) {
      return new Result.Plain(arg);
    }
    return switch (context.builder().metaOf(value.name())) {
      case TensorMeta meta -> new Result.Tensor(memory.fresh(value));
      case ValueMeta.Opaque(String type) when type.equals("Tensor") ->
          new Result.Tensor(memory.fresh(value));
      default -> new Result.Plain(arg);
    };
  }

  private Result tensor(
      OperatorSchema schema,
      SchemaType type,
      List<List<TensorRef>> given,
      List<Arg> args,
      Arg result,
      int index) {
    Result fresh = fresh(result);
    int self = viewed(schema, type);
    if (self < 0 || self >= given.size() || !(fresh instanceof Result.Tensor(TensorRef made))) {
      return fresh;
    }
    List<TensorRef> sources = given.get(self);
    boolean contracts = schema.target().name().equals("einsum") && sources.size() > 1;
    if (sources.isEmpty() || contracts) {
      return fresh;
    }
    boolean single = !schema.parameters().get(self).type().isList();
    Sharing sharing =
        single ? sharing(schema.target(), sources.getFirst(), args, made) : Sharing.UNKNOWN;
    return switch (sharing) {
      case NONE -> fresh;
      case UNKNOWN -> {
        sources.forEach(s -> memory.doubt(s.storage, made.storage));
        yield fresh;
      }
      case SHARED -> {
        TensorRef source = sources.getFirst();
        List<TensorRef.View> chain = new ArrayList<>(source.chain);
        if (!made.value.equals(source.value)) {
          chain.add(new TensorRef.View(schema.target(), args, self, index));
        }
        yield new Result.Tensor(new TensorRef(source.storage, chain, made.value));
      }
    };
  }

  /** The parameter whose memory a result of this type may be, -1 if none. */
  private static int viewed(OperatorSchema schema, SchemaType type) {
    if (type.aliasSet().isEmpty()) {
      return mayAlias(schema.target()) ? firstTensor(schema) : -1;
    }
    for (int i = 0; i < schema.parameters().size(); i++) {
      String set = schema.parameters().get(i).type().aliasSet();
      if (!set.isEmpty() && type.aliasSet().contains(set)) {
        return i;
      }
    }
    return -1;
  }

  private static int firstTensor(OperatorSchema schema) {
    for (int i = 0; i < schema.parameters().size(); i++) {
      if (schema.parameters().get(i).type().base().equals("Tensor")) {
        return i;
      }
    }
    return -1;
  }

  /** Operators that hand their argument through without their schema saying so. */
  private static boolean mayAlias(OpTarget target) {
    return switch (target.name()) {
      case "dropout",
          "feature_dropout",
          "alpha_dropout",
          "feature_alpha_dropout",
          "type_as",
          "broadcast_tensors",
          "meshgrid",
          "atleast_1d",
          "atleast_2d",
          "atleast_3d",
          "einsum",
          "pixel_shuffle",
          "pixel_unshuffle",
          "channel_shuffle",
          "rrelu" ->
          true;
      default -> false;
    };
  }

  private Sharing sharing(OpTarget target, TensorRef source, List<Arg> args, TensorRef made) {
    TensorMeta from = context.typed(source.value);
    TensorMeta to = context.typed(made.value);
    return switch (target.name()) {
      case "contiguous", "reshape", "reshape_as", "flatten", "ravel" -> {
        if (from == null || to == null || source.storage.restrided) {
          yield Sharing.UNKNOWN;
        }
        boolean shared =
            target.name().equals("contiguous")
                ? from.strides().equals(to.strides()) || made.value.equals(source.value)
                : isViewable(source.value, to.shape());
        // Where a size may turn out to be 1, a copy may turn out to be none.
        yield shared ? Sharing.SHARED : from.isStatic() ? Sharing.NONE : Sharing.UNKNOWN;
      }
      case "to", "type_as" -> {
        if (from == null || to == null || source.storage.restrided) {
          yield Sharing.UNKNOWN;
        }
        if (isAskedToCopy(target, args) || from.dtype() != to.dtype()) {
          yield Sharing.NONE;
        }
        yield made.value.equals(source.value) ? Sharing.SHARED : Sharing.UNKNOWN;
      }
      case "dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout" ->
          made.value.equals(source.value) ? Sharing.SHARED : Sharing.UNKNOWN;
      default -> mayAlias(target) ? Sharing.UNKNOWN : Sharing.SHARED;
    };
  }

  private boolean isAskedToCopy(OpTarget target, List<Arg> args) {
    int copy = context.builder().schema(target).indexOf("copy");
    return copy >= 0 && args.get(copy).equals(new Arg.Bool(true));
  }

  /** Whether PyTorch reshapes without a copy, by the rule of {@code aten::view}. */
  private boolean isViewable(Arg.Value value, List<Dim> shape) {
    try {
      ShapeRules.infer(
          OpTarget.parse("aten::view"),
          List.of(value, Arg.ofDims(shape)),
          context.builder()::metaOf);
      return true;
    } catch (ModelException e) {
      return false;
    }
  }
}
