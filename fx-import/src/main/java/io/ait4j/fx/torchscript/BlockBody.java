package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A block of data-dependent control flow as read.
 *
 * @param builder holds its nodes
 * @param inputs what its inputs stood for
 * @param values what it yields
 * @param args what it yields as its graph refers to it; null for what a graph cannot hold
 * @param written what it leaves in storages made outside it
 */
record BlockBody(
    FxGraphBuilder builder,
    List<JitValue> inputs,
    List<JitValue> values,
    List<Arg> args,
    Map<Storage, Arg.Value> written) {

  /** Reads a block; the state outside it is afterwards what it was. */
  static BlockBody read(
      Context context,
      Interpreter interpreter,
      Function<FxGraphBuilder, List<JitValue>> inputs,
      Function<List<JitValue>, List<JitValue>> walk) {
    context.openBlock();
    boolean closed = false;
    try {
      FxGraphBuilder builder = context.builder();
      List<JitValue> given = inputs.apply(builder);
      List<JitValue> values = walk.apply(given);
      List<Arg> args = new ArrayList<>();
      for (JitValue value : values) {
        boolean fits =
            value instanceof JitValue.Tensor
                || value instanceof JitValue.TensorNumber
                || value instanceof JitValue.SizeTests
                || value instanceof JitValue.Leaf;
        args.add(fits ? interpreter.arg(value) : null);
      }
      Map<Storage, Arg.Value> written = new LinkedHashMap<>();
      context.writtenInBlock().forEach(s -> written.put(s, s.content()));
      closed = true;
      context.closeBlock();
      return new BlockBody(builder, given, values, args, written);
    } finally {
      if (!closed) {
        context.closeBlock();
      }
    }
  }

  /** The type of an argument that leaves a block. */
  static ValueMeta type(Context context, FxGraphBuilder builder, Arg arg) {
    return switch (arg) {
      case Arg.Value(String name) -> builder.metaOf(name);
      case Arg.Int n -> new ValueMeta.Scalar(DType.INT64);
      case Arg.SymInt n -> new ValueMeta.Scalar(DType.INT64);
      case Arg.Float f -> new ValueMeta.Scalar(DType.FLOAT64);
      case Arg.Bool b -> new ValueMeta.Scalar(DType.BOOL);
      case null, default ->
          throw context.refuse(
              "a value that is neither tensor nor number leaves control flow that depends on data");
    };
  }
}
