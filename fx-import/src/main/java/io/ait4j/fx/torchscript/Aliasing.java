package io.ait4j.fx.torchscript;

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

  /** The results of an operator as values of the source program. */
  List<JitValue> wrap(
      OperatorSchema schema, List<JitValue> values, List<Arg> args, List<Arg> results) {
    List<SchemaType> returns = schema.returns();
    if (returns.size() == 1 && returns.getFirst().isTensorList()) {
      if (results.size() == 1 && isList(results.getFirst())) {
        return List.of(new JitValue.Leaf(results.getFirst()));
      }
      List<JitValue> elements = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        elements.add(tensor(schema, returns.getFirst(), values, args, results.get(i), i));
      }
      return List.of(new JitValue.Items(elements, context.level()));
    }
    List<JitValue> wrapped = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      SchemaType type = returns.get(i);
      wrapped.add(
          type.base().equals("Tensor")
              ? tensor(schema, type, values, args, results.get(i), i)
              : new JitValue.Leaf(results.get(i)));
    }
    return wrapped;
  }

  /** A value of the graph in memory of its own. */
  JitValue fresh(Arg arg) {
    if (!(arg instanceof Arg.Value value)) {
      return new JitValue.Leaf(arg);
    }
    return switch (context.builder().metaOf(value.name())) {
      case TensorMeta meta -> memory.fresh(value);
      case ValueMeta.Opaque(String type) when type.equals("Tensor") -> memory.fresh(value);
      default -> new JitValue.Leaf(arg);
    };
  }

  private boolean isList(Arg arg) {
    return arg instanceof Arg.Value(String name)
        && context.builder().metaOf(name) instanceof ValueMeta.Opaque(String type)
        && !type.equals("Tensor");
  }

  private JitValue tensor(
      OperatorSchema schema,
      SchemaType type,
      List<JitValue> values,
      List<Arg> args,
      Arg result,
      int index) {
    JitValue fresh = fresh(result);
    int self = viewed(schema, type);
    if (self < 0 || self >= values.size() || !(fresh instanceof TensorRef made)) {
      return fresh;
    }
    List<TensorRef> sources = new ArrayList<>();
    switch (values.get(self)) {
      case TensorRef ref -> sources.add(ref);
      case JitValue.Items items ->
          items
              .elements()
              .forEach(
                  e -> {
                    if (e instanceof TensorRef ref) {
                      sources.add(ref);
                    }
                  });
      default -> {}
    }
    boolean contracts = schema.target().name().equals("einsum") && sources.size() > 1;
    if (sources.isEmpty() || contracts) {
      return fresh;
    }
    boolean single = values.get(self) instanceof TensorRef;
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
        TensorRef shared = new TensorRef(source.storage, chain, made.value);
        yield shared;
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
        yield shared ? Sharing.SHARED : Sharing.NONE;
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
