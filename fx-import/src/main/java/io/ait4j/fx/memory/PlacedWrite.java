package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Set;

/**
 * A write through views of which some show an element several times or in places of their own: the
 * same views of the elements' numbers say where each goes.
 */
final class PlacedWrite {
  private static final Set<String> VIEWS = Set.of("expand", "expand_as", "broadcast_to", "unfold");

  private final Context context;

  private PlacedWrite(Context context) {
    this.context = context;
  }

  static boolean isNeeded(List<TensorRef.View> chain) {
    return chain.stream().anyMatch(view -> VIEWS.contains(view.target().name()));
  }

  /** {@code base} with what {@code chain} shows of it replaced by {@code next}. */
  static Arg.Value into(
      Context context, Arg.Value base, List<TensorRef.View> chain, Arg.Value next) {
    return new PlacedWrite(context).write(base, chain, next);
  }

  private Arg.Value write(Arg.Value base, List<TensorRef.View> chain, Arg.Value next) {
    TensorMeta meta = context.typed(base);
    if (meta == null || !meta.isStatic()) {
      throw refused(chain);
    }
    Arg places = emit("arange.start_step", new Arg.Int(0), Arg.of(meta.numel()), new Arg.Int(1));
    places = emit("reshape", places, Arg.ofDims(meta.shape()));
    for (TensorRef.View view : chain) {
      places =
          context
              .builder()
              .emit(view.target(), view.argsOn((Arg.Value) places), context.source)
              .get(view.result());
    }
    TensorMeta shown = context.typed(places);
    if (shown == null || shown.dtype() != DType.INT64 || repeats(shown) || overlaps(chain)) {
      throw refused(chain);
    }
    Arg flat = Arg.ofDims(List.of(shown.numel()));
    Arg written =
        emit(
            "scatter.src",
            emit("reshape", base, Arg.ofDims(List.of(meta.numel()))),
            new Arg.Int(0),
            emit("reshape", places, flat),
            emit("reshape", next, flat));
    return (Arg.Value) emit("reshape", written, Arg.ofDims(meta.shape()));
  }

  /** Whether one element shows in several places; PyTorch refuses to write to such views itself. */
  private static boolean repeats(TensorMeta shown) {
    for (int i = 0; i < shown.rank(); i++) {
      if (shown.strides().get(i).is(0) && !shown.shape().get(i).equals(Dim.ONE)) {
        return true;
      }
    }
    return false;
  }

  /** Whether windows of an unfold share elements: PyTorch writes to each in turn. */
  private static boolean overlaps(List<TensorRef.View> chain) {
    return chain.stream()
        .filter(view -> view.target().name().equals("unfold"))
        .map(view -> view.argsOn(new Arg.Value("base")))
        .anyMatch(
            args ->
                !(args.get(2) instanceof Arg.Int(long size))
                    || !(args.get(3) instanceof Arg.Int(long step))
                    || step < size);
  }

  private RuntimeException refused(List<TensorRef.View> chain) {
    return context.refuse(
        "a write in place through %s, which cannot be said without writes; clone the tensor first in the model"
            .formatted(String.join(", ", chain.stream().map(v -> v.target().toString()).toList())));
  }

  private Arg emit(String name, Arg... args) {
    return context
        .builder()
        .emit(OpTarget.parse("aten::" + name), List.of(args), context.source)
        .getFirst();
  }
}
