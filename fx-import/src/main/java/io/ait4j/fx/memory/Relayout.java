package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.List;

/** Gives a functional result the layout of the memory that the source program writes it to. */
final class Relayout {
  private Relayout() {}

  /** {@code value} with the strides of {@code memory}, if these leave no gaps; else as it is. */
  static Arg.Value as(Context context, Arg.Value value, Arg.Value memory) {
    TensorMeta has = context.typed(value);
    TensorMeta wanted = context.typed(memory);
    if (has == null
        || wanted == null
        || has.strides().equals(wanted.strides())
        || !has.shape().stream().allMatch(Dim::isConst)) {
      return value;
    }
    List<Integer> order = wanted.strideOrder();
    Arg[] forth = new Arg[order.size()];
    Arg[] back = new Arg[order.size()];
    for (int i = 0; i < order.size(); i++) {
      forth[i] = new Arg.Int(order.get(i));
      back[order.get(i)] = new Arg.Int(i);
    }
    Arg.Value sorted = emit(context, "permute", value, new Arg.Sequence(List.of(forth)));
    Arg.Value packed = emit(context, "clone", sorted, new Arg.MemoryFormat("contiguous_format"));
    return emit(context, "permute", packed, new Arg.Sequence(List.of(back)));
  }

  private static Arg.Value emit(Context context, String name, Arg.Value value, Arg how) {
    return (Arg.Value)
        context
            .builder()
            .emit(new OpTarget("aten", name, ""), List.of(value, how), context.source)
            .getFirst();
  }
}
