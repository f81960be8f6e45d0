package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** The inverse of views: what a tensor becomes when a view of it is written. */
final class Scatter {
  private Scatter() {}

  /**
   * The tensor {@code base} with what {@code view} shows of it replaced.
   *
   * @param shown what the view shows now
   * @param next its replacement, of the same shape and dtype
   */
  static Arg.Value into(
      Context context, Arg.Value base, TensorRef.View view, Arg.Value shown, Arg.Value next) {
    List<Arg> args = view.args();
    return switch (view.target().name()) {
      case "alias",
          "detach",
          "contiguous",
          "to",
          "resolve_conj",
          "resolve_neg",
          "data",
          "lift_fresh" ->
          next;
      case "slice" ->
          emit(
              context,
              "slice_scatter",
              "",
              List.of(base, next, args.get(1), args.get(2), args.get(3), args.get(4)));
      case "select" ->
          emit(context, "select_scatter", "", List.of(base, next, args.get(1), args.get(2)));
      case "narrow" -> {
        Dim start = size(context, args.get(2));
        Dim length = size(context, args.get(3));
        yield slice(context, base, next, number(context, args.get(1)), start, length);
      }
      case "diagonal" ->
          emit(
              context,
              "diagonal_scatter",
              "",
              List.of(base, next, args.get(1), args.get(2), args.get(3)));
      case "transpose", "swapaxes", "swapdims" ->
          emit(context, "transpose", "int", List.of(next, args.get(1), args.get(2)));
      case "t" -> emit(context, "t", "", List.of(next));
      case "numpy_T", "mT" -> emit(context, view.target().name(), "", List.of(next));
      case "movedim", "moveaxis" ->
          emit(
              context,
              view.target().name(),
              view.target().overload(),
              List.of(next, args.get(2), args.get(1)));
      case "view_as_real" -> emit(context, "view_as_complex", "", List.of(next));
      case "view_as_complex" -> emit(context, "view_as_real", "", List.of(next));
      case "real" ->
          emit(context, "complex", "", List.of(next, emit(context, "imag", "", List.of(base))));
      case "imag" ->
          emit(context, "complex", "", List.of(emit(context, "real", "", List.of(base)), next));
      case "permute" -> emit(context, "permute", "", List.of(next, inverse(context, args.get(1))));
      case "unsqueeze",
          "squeeze",
          "view",
          "_unsafe_view",
          "reshape",
          "flatten",
          "unflatten",
          "view_as",
          "reshape_as",
          "ravel" -> {
        if (view.target().toString().equals("aten::view.dtype")) {
          throw unknown(context, view);
        }
        yield emit(
            context, "reshape", "", List.of(next, Arg.ofDims(typed(context, base, view).shape())));
      }
      case "unbind" -> {
        long dim = number(context, args.get(1));
        yield emit(
            context,
            "select_scatter",
            "",
            List.of(base, next, new Arg.Int(dim), new Arg.Int(view.result())));
      }
      case "split", "split_with_sizes", "chunk", "tensor_split" -> part(context, base, view, next);
      default -> throw unknown(context, view);
    };
  }

  /** The parts of a split are all views of it; those before this one say where it starts. */
  private static Arg.Value part(
      Context context, Arg.Value base, TensorRef.View view, Arg.Value next) {
    long dim = number(context, view.args().getLast());
    List<Arg> parts = context.builder().emit(view.target(), view.argsOn(base), context.source);
    int axis = (int) (dim < 0 ? dim + typed(context, base, view).rank() : dim);
    Dim start = Dim.ZERO;
    for (int i = 0; i < view.result(); i++) {
      start = start.plus(context.builder().meta(parts.get(i)).shape().get(axis));
    }
    Dim length = typed(context, next, view).shape().get(axis);
    return slice(context, base, next, axis, start, length);
  }

  private static Arg.Value slice(
      Context context, Arg.Value base, Arg.Value next, long dim, Dim start, Dim length) {
    return emit(
        context,
        "slice_scatter",
        "",
        List.of(
            base,
            next,
            new Arg.Int(dim),
            Arg.of(start),
            Arg.of(start.plus(length)),
            new Arg.Int(1)));
  }

  private static Arg inverse(Context context, Arg dims) {
    List<Arg> order = ((Arg.Sequence) dims).elements();
    Arg[] inverse = new Arg[order.size()];
    for (int i = 0; i < inverse.length; i++) {
      long dim = number(context, order.get(i));
      inverse[(int) (dim < 0 ? dim + inverse.length : dim)] = new Arg.Int(i);
    }
    return new Arg.Sequence(new ArrayList<>(List.of(inverse)));
  }

  private static long number(Context context, Arg arg) {
    if (arg instanceof Arg.Int(long n)) {
      return n;
    }
    throw context.refuse("a write in place to a part of a tensor whose place depends on data");
  }

  private static Dim size(Context context, Arg arg) {
    return arg instanceof Arg.SymInt(Dim value) ? value : Dim.of(number(context, arg));
  }

  private static TensorMeta typed(Context context, Arg.Value value, TensorRef.View view) {
    TensorMeta meta = context.typed(value);
    if (meta == null) {
      throw unknown(context, view);
    }
    return meta;
  }

  private static RuntimeException unknown(Context context, TensorRef.View view) {
    return context.refuse(
        "a write in place through %s, which cannot be said without writes; clone the tensor first in the model"
            .formatted(view.target()));
  }

  private static Arg.Value emit(Context context, String name, String overload, List<Arg> args) {
    TensorMeta whole = context.typed(args.getFirst());
    boolean isPlacedByData =
        args.stream().skip(2).anyMatch(arg -> arg instanceof Arg.Value) && whole != null;
    return isPlacedByData
        ? context.emitAs(whole, name, args)
        : (Arg.Value)
            context
                .builder()
                .emit(new OpTarget("aten", name, overload), args, context.source)
                .getFirst();
  }
}
