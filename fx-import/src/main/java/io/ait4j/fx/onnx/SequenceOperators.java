package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Lists of tensors, which are gone after import: their lengths and indices are known. */
final class SequenceOperators {
  private static final long MAX_PARTS = 10_000;

  private SequenceOperators() {}

  static void addTo(OperatorTable table) {
    table.addValues("SequenceEmpty", c -> sequence(List.of()));
    table.addValues("SequenceConstruct", c -> sequence(c.inputs()));
    table.addValues("SequenceAt", c -> List.of(elements(c, 0).get(position(c, 1))));
    table.addValues(
        "SequenceLength",
        c ->
            List.of(
                new OnnxValue.Known(
                    KnownTensor.scalar(DType.INT64, Num.of(elements(c, 0).size())))));
    table.addValues("SequenceInsert", SequenceOperators::inserted);
    table.addValues("SequenceErase", SequenceOperators::erased);
    table.addValues("SplitToSequence", SequenceOperators::split);
    table.add("ConcatFromSequence", SequenceOperators::joined);
  }

  private static List<OnnxValue> sequence(List<OnnxValue> elements) {
    return List.of(new OnnxValue.Sequence(elements));
  }

  private static List<OnnxValue> elements(OnnxCall c, int i) {
    if (c.value(i) instanceof OnnxValue.Sequence(List<OnnxValue> elements)) {
      return elements;
    }
    throw c.error("input " + i + " is no sequence");
  }

  private static int position(OnnxCall c, int i) {
    return c.axis(c.integers(i).getFirst(), elements(c, 0).size());
  }

  private static List<OnnxValue> inserted(OnnxCall c) {
    List<OnnxValue> elements = new ArrayList<>(elements(c, 0));
    long at = c.has(2) ? c.integers(2).getFirst() : elements.size();
    elements.add(at == elements.size() ? elements.size() : c.axis(at, elements.size()), c.value(1));
    return sequence(elements);
  }

  private static List<OnnxValue> erased(OnnxCall c) {
    List<OnnxValue> elements = new ArrayList<>(elements(c, 0));
    elements.remove(c.has(1) ? position(c, 1) : elements.size() - 1);
    return sequence(elements);
  }

  /** In parts of one size, of sizes given, or one by one. */
  private static List<OnnxValue> split(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", 0), c.rank(0));
    boolean keep = c.has(1) || c.attributes().flag("keepdims", true);
    List<Dim> sizes = c.has(1) ? c.dims(1) : List.of(Dim.ONE);
    if (!c.has(1) || c.rank(1) == 0) {
      sizes = equal(c, axis, sizes.getFirst().value());
    }
    List<OnnxValue> parts = new ArrayList<>();
    for (Arg part : SliceOperators.parts(c, axis, sizes)) {
      parts.add(c.out().value(keep ? part : c.call("squeeze.dims", part, Arg.ints(axis))));
    }
    return sequence(parts);
  }

  private static List<Dim> equal(OnnxCall c, int axis, long each) {
    long left =
        c.shape(0)
            .get(axis)
            .constant()
            .orElseThrow(() -> c.unsupported("a sequence of dynamic length"));
    if (each < 1 || left / each > MAX_PARTS) {
      throw c.unsupported("a sequence of parts of %d of %d".formatted(each, left));
    }
    List<Dim> sizes = new ArrayList<>();
    for (; left > 0; left -= each) {
      sizes.add(Dim.of(Math.min(left, each)));
    }
    return sizes;
  }

  private static Arg joined(OnnxCall c) {
    List<Arg> parts = elements(c, 0).stream().map(c.out()::tensor).toList();
    int rank = c.meta(parts.getFirst()).rank();
    boolean fresh = c.attributes().flag("new_axis", false);
    int axis = c.axis(c.attributes().integer("axis", 0), fresh ? rank + 1 : rank);
    return c.call(fresh ? "stack" : "cat", new Arg.Sequence(parts), of(axis));
  }
}
