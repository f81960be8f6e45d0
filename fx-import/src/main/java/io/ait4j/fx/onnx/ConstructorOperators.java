package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.onnx.proto.TensorMessage;
import java.util.List;
import java.util.Optional;

/** Tensors from nothing, and from shapes alone. */
final class ConstructorOperators {
  private ConstructorOperators() {}

  static void addTo(OperatorTable table) {
    table.addValues("Constant", ConstructorOperators::constant);
    table.add("ConstantOfShape", ConstructorOperators::filled);
    table.addValues("Shape", c -> known(KnownTensor.dims(shape(c))));
    table.addValues("Size", ConstructorOperators::size);
    table.add("Range", ConstructorOperators::range);
    table.add("EyeLike", ConstructorOperators::eye);
    table.add("Trilu", ConstructorOperators::triangle);
    table.add("NonZero", ConstructorOperators::places);
  }

  private static List<OnnxValue> known(KnownTensor tensor) {
    return List.of(new OnnxValue.Known(tensor));
  }

  private static List<OnnxValue> constant(OnnxCall c) {
    Attributes a = c.attributes();
    Optional<TensorMessage> tensor = a.tensor("value");
    if (tensor.isPresent()) {
      String name = c.node().outputs().getFirst();
      return List.of(new OnnxValue.Stored(c.out().tensors().describe(tensor.get(), name, false)));
    }
    if (a.has("value_int")) {
      return known(KnownTensor.scalar(DType.INT64, Num.of(a.integer("value_int", 0))));
    }
    if (a.has("value_float")) {
      return known(KnownTensor.scalar(DType.FLOAT32, new Num.Real(a.real("value_float", 0))));
    }
    if (a.has("value_ints")) {
      List<Num> numbers = a.integers("value_ints").orElseThrow().stream().map(Num::of).toList();
      return known(new KnownTensor(DType.INT64, List.of(numbers.size()), numbers));
    }
    if (a.has("value_floats")) {
      List<Num> numbers =
          a.reals("value_floats").orElseThrow().stream().map(f -> (Num) new Num.Real(f)).toList();
      return known(new KnownTensor(DType.FLOAT32, List.of(numbers.size()), numbers));
    }
    throw c.unsupported("a constant that is no dense tensor of numbers");
  }

  private static Arg filled(OnnxCall c) {
    KnownTensor value = fill(c);
    return c.call("full", Arg.ofDims(c.dims(0)), number(c, value), new Arg.Type(value.dtype()));
  }

  /** The element of ConstantOfShape, 0 if none is given. */
  static KnownTensor fill(OnnxCall c) {
    Optional<TensorMessage> given = c.attributes().tensor("value");
    if (given.isEmpty()) {
      return KnownTensor.scalar(DType.FLOAT32, new Num.Real(0));
    }
    StoredTensor stored = c.out().tensors().describe(given.get(), "value", false);
    KnownTensor value =
        c.out()
            .known(new OnnxValue.Stored(stored))
            .filter(k -> k.elements().size() == 1)
            .orElseThrow(() -> c.error("its value is not one element"));
    return value.reshaped(List.of());
  }

  private static Arg number(OnnxCall c, KnownTensor scalar) {
    return switch (scalar.elements().getFirst()) {
      case Num.Whole(Dim d) when scalar.dtype() == DType.BOOL -> of(d.is(1));
      case Num.Whole(Dim d) -> Arg.of(d);
      case Num.Real(double real) -> of(real);
    };
  }

  /** A part of the shape, as {@code start} and {@code end} say since version 15. */
  private static List<Dim> shape(OnnxCall c) {
    List<Dim> shape = c.shape(0);
    int rank = shape.size();
    int start = bound(c.attributes().integer("start", 0), rank);
    int end = bound(c.attributes().integer("end", rank), rank);
    return start < end ? shape.subList(start, end) : List.of();
  }

  private static int bound(long axis, int rank) {
    return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }

  private static List<OnnxValue> size(OnnxCall c) {
    return known(KnownTensor.scalar(DType.INT64, new Num.Whole(Dim.product(c.shape(0)))));
  }

  private static Arg range(OnnxCall c) {
    Arg[] bounds = new Arg[3];
    for (int i = 0; i < 3; i++) {
      int input = i;
      bounds[i] =
          c.number(i)
              .orElseThrow(
                  () ->
                      c.error(
                          "input '%s' is computed from data, so that the result's size would depend on them; such models are not supported"
                              .formatted(c.node().inputs().get(input))));
    }
    return c.call("arange.start_step", bounds[0], bounds[1], bounds[2], new Arg.Type(c.dtype(0)));
  }

  /** Of known numbers it is folded. */
  private static Arg places(OnnxCall c) {
    throw c.error(
        "how many places it finds depends on data; such models are not supported, export this one"
            + " without it");
  }

  private static Arg eye(OnnxCall c) {
    if (c.rank(0) != 2 || c.attributes().integer("k", 0) != 0) {
      throw c.unsupported("a diagonal beside the main one");
    }
    DType dtype =
        c.attributes().has("dtype")
            ? ElementTypes.dtype((int) c.attributes().integer("dtype", 0), "the result")
            : c.dtype(0);
    return c.call(
        "eye.m", Arg.of(c.shape(0).get(0)), Arg.of(c.shape(0).get(1)), new Arg.Type(dtype));
  }

  private static Arg triangle(OnnxCall c) {
    long k = c.has(1) ? c.integers(1).getFirst() : 0;
    return c.call(c.attributes().flag("upper", true) ? "triu" : "tril", c.tensor(0), of(k));
  }
}
