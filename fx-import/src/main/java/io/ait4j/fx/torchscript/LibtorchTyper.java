package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Typer;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;

/**
 * Types an operator by running it in libtorch on tensors of the right type that hold nothing but
 * ones. Right where types follow from types; operators whose result sizes follow from the data are
 * told apart by a list.
 */
public final class LibtorchTyper implements Typer {
  @Override
  public Optional<OperatorSchema> schema(OpTarget target) {
    try (PointerScope scope = new PointerScope()) {
      return Libtorch.schema(target);
    }
  }

  @Override
  public Optional<List<ValueMeta>> type(
      OperatorSchema schema, List<Arg> args, Function<String, ValueMeta> metaOf) {
    if (dependsOnData(schema.target(), args, metaOf)) {
      return Optional.empty();
    }
    Set<Dim.Symbol> symbols = new LinkedHashSet<>();
    args.forEach(arg -> symbols(arg, metaOf, symbols));
    return symbols.isEmpty()
        ? Optional.of(run(schema, args, metaOf))
        : SampledTypes.fit(
            symbols,
            values ->
                run(
                    schema,
                    args.stream().map(arg -> Symbols.replaced(arg, values)).toList(),
                    name -> Symbols.replaced((TensorMeta) metaOf.apply(name), values)));
  }

  private static void symbols(Arg arg, Function<String, ValueMeta> metaOf, Set<Dim.Symbol> found) {
    switch (arg) {
      case Arg.Value(String name) -> {
        TensorMeta meta = (TensorMeta) metaOf.apply(name);
        meta.shape().forEach(size -> found.addAll(size.symbols()));
      }
      case Arg.SymInt(Dim value) -> found.addAll(value.symbols());
      case Arg.Sequence s -> s.elements().forEach(e -> symbols(e, metaOf, found));
      case Arg other -> {}
    }
  }

  private static List<ValueMeta> run(
      OperatorSchema schema, List<Arg> args, Function<String, ValueMeta> metaOf) {
    try (PointerScope scope = new PointerScope()) {
      IValues samples =
          new IValues(
              name ->
                  new IValue(
                      Tensors.filled((TensorMeta) metaOf.apply(name), fill(schema.target()))));
      List<IValue> boxed = new ArrayList<>();
      for (int i = 0; i < args.size(); i++) {
        boxed.add(samples.box(args.get(i), schema.parameters().get(i).type()));
      }
      List<ValueMeta> types = new ArrayList<>();
      for (IValue result : Libtorch.run(schema.target(), boxed)) {
        type(result, schema, types);
      }
      return types;
    }
  }

  private static void type(IValue result, OperatorSchema schema, List<ValueMeta> types) {
    if (result.isTensor()) {
      if (result.toTensor().defined()) {
        types.add(Tensors.meta(result.toTensor(), "a result of " + schema.target()));
      } else {
        types.add(new ValueMeta.Opaque("None"));
      }
    } else if (result.isList() && schema.returns().size() == 1) {
      GenericList list = result.toList();
      for (long i = 0; i < list.size(); i++) {
        type(list.get(i), schema, types);
      }
    } else if (result.isInt()) {
      types.add(new ValueMeta.Scalar(DType.INT64));
    } else if (result.isDouble()) {
      types.add(new ValueMeta.Scalar(DType.FLOAT64));
    } else if (result.isBool()) {
      types.add(new ValueMeta.Scalar(DType.BOOL));
    } else {
      types.add(new ValueMeta.Opaque(schema.returns().get(types.size()).toString()));
    }
  }

  /** Zeros are indices that every table has; ones are what can be divided by and factorised. */
  private static double fill(OpTarget target) {
    return switch (target.name()) {
      case "embedding",
          "embedding_bag",
          "_embedding_bag",
          "index",
          "index_select",
          "gather",
          "scatter",
          "scatter_add",
          "scatter_reduce",
          "index_add",
          "index_copy",
          "index_put",
          "index_fill",
          "take",
          "take_along_dim",
          "one_hot",
          "nll_loss" ->
          0;
      default -> 1;
    };
  }

  /** Whether the sizes of the results follow from the content of the arguments. */
  private static boolean dependsOnData(
      OpTarget target, List<Arg> args, Function<String, ValueMeta> metaOf) {
    return switch (target.name()) {
      case "nonzero",
          "nonzero_numpy",
          "argwhere",
          "masked_select",
          "unique",
          "unique_dim",
          "unique_consecutive",
          "unique_dim_consecutive",
          "_unique",
          "_unique2",
          "bincount",
          "nms",
          "item",
          "_local_scalar_dense",
          "Bool",
          "Int",
          "Float",
          "FloatImplicit",
          "IntImplicit",
          "ScalarImplicit",
          "is_nonzero",
          "tolist",
          "equal",
          "allclose" ->
          true;
      case "one_hot" -> !(args.size() > 1 && args.get(1) instanceof Arg.Int(long n) && n > 0);
      case "where" -> target.overload().isEmpty();
      case "repeat_interleave" -> !target.overload().equals("self_int");
      case "index" -> hasMask(args.get(1), metaOf);
      default -> false;
    };
  }

  private static boolean hasMask(Arg indices, Function<String, ValueMeta> metaOf) {
    boolean[] found = {false};
    indices.forEachValue(
        name ->
            found[0] |=
                metaOf.apply(name) instanceof TensorMeta m
                    && (m.dtype() == DType.BOOL || m.dtype() == DType.UINT8));
    return found[0];
  }
}
