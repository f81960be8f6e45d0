package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The body of control flow whose course is known only at run time.
 *
 * @param builder holds its nodes
 * @param outputs as its graph refers to them
 */
record Block(FxGraphBuilder builder, List<Arg> outputs) {
  /** Writes the nodes of a body; {@code body} gets the block's builder and yields its results. */
  static Block of(
      Context context, GraphImporter graphs, Function<FxGraphBuilder, List<Result>> body) {
    context.openBlock();
    try {
      FxGraphBuilder builder = context.builder();
      List<Arg> outputs = new ArrayList<>();
      for (Result result : body.apply(builder)) {
        outputs.add(graphs.arg(result));
      }
      if (!context.writtenInBlock().isEmpty()) {
        throw context.refuse(
            "a branch or loop of the program writes to tensors from outside, which is not supported");
      }
      return new Block(builder, outputs);
    } finally {
      context.closeBlock();
    }
  }
}
