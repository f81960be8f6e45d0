package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code as_strided} looks at a whole storage, whatever view it is given. In the graph the storage
 * is a value that may come from anywhere in some other memory, so it gets one of its own first.
 */
final class Restriding {
  private Restriding() {}

  static TensorRef asStrided(Context context, Memory memory, TensorRef ref, List<Arg> args) {
    memory.read(ref);
    Storage storage = ref.storage;
    TensorMeta meta = context.typed(storage.content);
    boolean isPlaced = !(args.get(3) instanceof Arg.None);
    if (meta == null
        || storage.restrided
        || storage.owner == Storage.Owner.WEIGHTS
        || storage.owner == Storage.Owner.READER
        || !isPlaced && !ref.chain.isEmpty()) {
      throw refused(context);
    }
    Arg own =
        context
            .builder()
            .keep(
                OpTarget.parse("aten::clone"),
                List.of(storage.content, new Arg.MemoryFormat("preserve_format")),
                context.source)
            .getFirst();
    if (!context.typed(own).strides().equals(meta.strides())) {
      throw refused(context);
    }
    List<Arg> all = new ArrayList<>(args);
    all.set(0, own);
    if (!isPlaced) {
      all.set(3, new Arg.Int(0));
    }
    TensorRef made =
        memory.fresh(
            (Arg.Value)
                context
                    .builder()
                    .emit(OpTarget.parse("aten::as_strided"), all, context.source)
                    .getFirst());
    memory.doubt(storage, made.storage);
    return made;
  }

  private static RuntimeException refused(Context context) {
    return context.refuse(
        "aten::as_strided of a tensor whose memory is not known; use view, unfold or slicing in the"
            + " model");
  }
}
