package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.List;

/** Normalisations, and dropout, which does nothing at inference. */
final class NormOperators {
  private NormOperators() {}

  static void addTo(OperatorTable table) {
    table.add("BatchNormalization", NormOperators::batch);
    table.add("InstanceNormalization", NormOperators::instance);
    table.add("LayerNormalization", NormOperators::layer);
    table.add("GroupNormalization", NormOperators::group);
    table.addValues("Dropout", NormOperators::dropout);
  }

  private static Arg epsilon(OnnxCall c) {
    return of(c.attributes().real("epsilon", 1e-5f));
  }

  private static Arg batch(OnnxCall c) {
    if (c.attributes().flag("training_mode", false)) {
      throw c.unsupported("training mode");
    }
    return c.call(
        "batch_norm",
        c.tensor(0),
        c.cast(c.tensor(1), c.dtype(0)),
        c.cast(c.tensor(2), c.dtype(0)),
        c.cast(c.tensor(3), c.dtype(0)),
        c.cast(c.tensor(4), c.dtype(0)),
        of(false),
        of(0.1),
        epsilon(c),
        of(false));
  }

  private static Arg instance(OnnxCall c) {
    return c.call(
        "instance_norm",
        c.tensor(0),
        c.tensor(1),
        c.tensor(2),
        Arg.NONE,
        Arg.NONE,
        of(true),
        of(0.1),
        epsilon(c),
        of(false));
  }

  /** A scale or bias that broadcasts is applied afterwards. */
  private static Arg layer(OnnxCall c) {
    int axis = c.axis(c.attributes().integer("axis", -1), c.rank(0));
    List<Dim> normalized = c.shape(0).subList(axis, c.rank(0));
    Arg shape = Arg.ofDims(normalized);
    boolean whole = c.shape(1).equals(normalized) && (!c.has(2) || c.shape(2).equals(normalized));
    if (whole) {
      return c.call("layer_norm", c.tensor(0), shape, c.tensor(1), c.optional(2), epsilon(c));
    }
    Arg result = c.call("layer_norm", c.tensor(0), shape, Arg.NONE, Arg.NONE, epsilon(c));
    result = c.call("mul.Tensor", result, c.tensor(1));
    return c.has(2) ? c.call("add.Tensor", result, c.tensor(2)) : result;
  }

  /** Before version 21 scale and bias have one element a group. */
  private static Arg group(OnnxCall c) {
    long groups = c.attributes().integer("num_groups", 0);
    if (groups < 1) {
      throw c.error("num_groups is " + groups);
    }
    Dim channels = c.shape(0).get(1);
    return c.call(
        "group_norm",
        c.tensor(0),
        of(groups),
        perChannel(c, 1, groups, channels),
        perChannel(c, 2, groups, channels),
        epsilon(c));
  }

  private static Arg perChannel(OnnxCall c, int i, long groups, Dim channels) {
    if (c.version() >= 21 || c.shape(i).getFirst().equals(channels)) {
      return c.tensor(i);
    }
    Dim each = channels.floorDiv(groups);
    Arg column = c.call("unsqueeze", c.tensor(i), of(1));
    return c.reshape(
        c.call("expand", column, Arg.ofDims(List.of(Dim.of(groups), each))), List.of(channels));
  }

  private static List<OnnxValue> dropout(OnnxCall c) {
    boolean training =
        c.has(2) && !c.known(2).map(k -> k.elements().equals(List.of(Num.of(0)))).orElse(false);
    if (training) {
      throw c.unsupported("training mode");
    }
    if (!c.node().yields(1)) {
      return List.of(c.value(0));
    }
    Arg mask =
        c.call("full", Arg.ofDims(c.shape(0)), of(true), new Arg.Type(io.ait4j.fx.DType.BOOL));
    return List.of(c.value(0), c.out().value(mask));
  }
}
