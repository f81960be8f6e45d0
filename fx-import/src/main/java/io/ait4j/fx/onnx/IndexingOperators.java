package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Elements at places that are data. Indices below 0 count from the end; where ATen's operator does
 * not do so they are moved up, unless they are known to need it not.
 */
final class IndexingOperators {
  private IndexingOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Gather", IndexingOperators::gathered);
    table.add("GatherElements", IndexingOperators::gatheredElements);
    table.add("GatherND", IndexingOperators::gatheredPoints);
    table.add("ScatterElements", IndexingOperators::scatteredElements);
    table.add("ScatterND", IndexingOperators::scatteredPoints);
    table.add("OneHot", IndexingOperators::oneHot);
  }

  private static Arg gathered(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    if (c.rank(1) == 0 && c.number(1).isPresent()) {
      return c.call("select.int", c.tensor(0), of(axis), c.number(1).get());
    }
    OptionalLong first = run(c);
    if (first.isPresent()) {
      long start = first.getAsLong();
      long end = start + c.known(1).orElseThrow().elements().size();
      return c.call("slice.Tensor", c.tensor(0), of(axis), of(start), of(end), of(1));
    }
    if (axis == 0 && c.rank(0) == 2 && c.dtype(0).isFloating() && isNotNegative(c, 1)) {
      return c.call("embedding", c.tensor(0), index(c, 1));
    }
    List<Arg> indices = new ArrayList<>();
    for (int i = 0; i < axis; i++) {
      indices.add(Arg.NONE);
    }
    indices.add(index(c, 1));
    return c.call("index.Tensor", c.tensor(0), new Arg.Sequence(indices));
  }

  /** The first of indices that follow one another, within the axis; empty if they do not. */
  private static OptionalLong run(OnnxCall c) {
    List<Dim> indices =
        c.rank(1) != 1 ? List.of() : c.known(1).flatMap(KnownTensor::integers).orElse(List.of());
    if (indices.isEmpty() || indices.getFirst().min() < 0) {
      return OptionalLong.empty();
    }
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    for (int i = 0; i < indices.size(); i++) {
      boolean next = i == 0 || indices.get(i).equals(indices.get(i - 1).plus(1));
      if (!next || !indices.get(i).isConst()) {
        return OptionalLong.empty();
      }
    }
    boolean within = indices.getLast().minus(c.shape(0).get(axis)).max() < 0;
    return within ? OptionalLong.of(indices.getFirst().value()) : OptionalLong.empty();
  }

  private static Arg index(OnnxCall c, int i) {
    return c.cast(c.tensor(i), DType.INT64);
  }

  private static boolean isNotNegative(OnnxCall c, int i) {
    OptionalLong least = c.out().minimum(c.value(i));
    return least.isPresent() && least.getAsLong() >= 0;
  }

  /** Indices into a dimension of this size, counted from its beginning. */
  private static Arg fromBeginning(OnnxCall c, int i, Dim size) {
    Arg index = index(c, i);
    if (isNotNegative(c, i)) {
      return index;
    }
    Arg moved = c.call("add.Tensor", index, Arg.of(size));
    return c.call("where.self", c.call("lt.Scalar", index, of(0)), moved, index);
  }

  private static Arg gatheredElements(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    return c.call("gather", c.tensor(0), of(axis), fromBeginning(c, 1, c.shape(0).get(axis)));
  }

  /** The places that the last dimension of {@code points} names, one index tensor a coordinate. */
  private static List<Arg> coordinates(OnnxCall c, int points) {
    long count =
        c.shape(points)
            .getLast()
            .constant()
            .orElseThrow(() -> c.error("the number of coordinates is not constant"));
    if (count > c.rank(0)) {
      throw c.error("%d coordinates for an input of rank %d".formatted(count, c.rank(0)));
    }
    List<Arg> coordinates = new ArrayList<>();
    Arg all = index(c, points);
    for (long i = 0; i < count; i++) {
      coordinates.add(c.call("select.int", all, of(-1), of(i)));
    }
    return coordinates;
  }

  private static Arg gatheredPoints(OnnxCall c) {
    long batches = c.attributes().integer("batch_dims", 0);
    int rank = c.rank(1) - 1;
    List<Arg> indices = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      List<Dim> shape = new ArrayList<>(java.util.Collections.nCopies(rank, Dim.ONE));
      shape.set(b, c.shape(0).get(b));
      Arg range =
          c.call(
              "arange.start_step",
              of(0),
              Arg.of(c.shape(0).get(b)),
              of(1),
              new Arg.Type(DType.INT64));
      indices.add(c.reshape(range, shape));
    }
    indices.addAll(coordinates(c, 1));
    return c.call("index.Tensor", c.tensor(0), new Arg.Sequence(indices));
  }

  private static Arg scatteredElements(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    Arg index = fromBeginning(c, 1, c.shape(0).get(axis));
    Arg x = c.tensor(0);
    Arg updates = c.tensor(2);
    String reduction = c.attributes().text("reduction", "none");
    return switch (reduction) {
      case "none" -> c.call("scatter.src", x, of(axis), index, updates);
      case "add" -> c.call("scatter_add", x, of(axis), index, updates);
      case "mul" -> reduced(c, axis, index, "prod");
      case "max" -> reduced(c, axis, index, "amax");
      case "min" -> reduced(c, axis, index, "amin");
      default -> throw c.unsupported("reduction = " + reduction);
    };
  }

  private static Arg reduced(OnnxCall c, int axis, Arg index, String reduce) {
    return c.call(
        "scatter_reduce.two",
        c.tensor(0),
        of(axis),
        index,
        c.tensor(2),
        new Arg.Str(reduce),
        of(true));
  }

  private static Arg scatteredPoints(OnnxCall c) {
    String reduction = c.attributes().text("reduction", "none");
    if (!reduction.equals("none") && !reduction.equals("add")) {
      throw c.unsupported("reduction = " + reduction);
    }
    return c.call(
        "index_put",
        c.tensor(0),
        new Arg.Sequence(coordinates(c, 1)),
        c.tensor(2),
        of(reduction.equals("add")));
  }

  /** One where the index is, in a new dimension; nowhere if it is out of range. */
  private static Arg oneHot(OnnxCall c) {
    Dim depth =
        c.known(1)
            .flatMap(KnownTensor::integers)
            .map(List::getFirst)
            .orElseGet(() -> floatingDepth(c));
    int axis = c.axis(c.attributes().integer("axis", -1), c.rank(0) + 1);
    Arg index = c.call("unsqueeze", fromBeginning(c, 0, depth), of(axis));
    List<Dim> shape = new ArrayList<>(java.util.Collections.nCopies(c.rank(0) + 1, Dim.ONE));
    shape.set(axis, depth);
    Arg range = c.call("arange.start_step", of(0), Arg.of(depth), of(1), new Arg.Type(DType.INT64));
    Arg hit = c.call("eq.Tensor", index, c.reshape(range, shape));
    return c.call(
        "where.self",
        hit,
        c.call("select.int", c.tensor(2), of(0), of(1)),
        c.call("select.int", c.tensor(2), of(0), of(0)));
  }

  private static Dim floatingDepth(OnnxCall c) {
    double depth =
        c.known(1)
            .flatMap(k -> k.real(0).stream().boxed().findFirst())
            .orElseThrow(() -> c.unsupported("a depth that is computed from data"));
    return Dim.of((long) depth);
  }
}
