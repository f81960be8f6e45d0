package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Storage;
import java.util.HashMap;
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
 * @param args the leaves of what it yields as its graph refers to them; without those that a graph
 *     cannot hold
 * @param written what it leaves in storages made outside it
 */
record BlockBody(
    FxGraphBuilder builder,
    List<JitValue> inputs,
    List<JitValue> values,
    Map<JitValue, Arg> args,
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
      Map<JitValue, Arg> args = new HashMap<>();
      for (JitValue value : values) {
        for (JitValue leaf : Structure.leaves(value)) {
          if (isPassable(leaf)) {
            args.put(leaf, interpreter.arg(leaf));
          }
        }
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

  /** Whether a value can enter or leave a block. */
  static boolean isPassable(JitValue leaf) {
    return leaf instanceof JitValue.Tensor
        || leaf instanceof JitValue.TensorNumber
        || leaf instanceof JitValue.SizeTests
        || leaf instanceof JitValue.Ratio
        || leaf instanceof JitValue.Leaf(Arg arg)
            && !(arg instanceof Arg.Str || arg instanceof Arg.Device);
  }
}
