package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * Integers that stand for real numbers, by a scale and a zero point for all or for each channel.
 */
final class QuantizationOperators {
  private QuantizationOperators() {}

  static void addTo(OperatorTable table) {
    table.add("QuantizeLinear", QuantizationOperators::quantized);
    table.add("DequantizeLinear", QuantizationOperators::dequantized);
  }

  private static Arg quantized(OnnxCall c) {
    DType dtype =
        c.has(2)
            ? c.dtype(2)
            : c.attributes().integer("output_dtype", 0) == 0
                ? DType.UINT8
                : ElementTypes.dtype((int) c.attributes().integer("output_dtype", 0), "the result");
    if (dtype != DType.UINT8 && dtype != DType.INT8) {
      throw c.unsupported("type " + dtype.torchName());
    }
    Arg steps = c.call("round", c.call("div.Tensor", c.tensor(0), alongAxis(c, 1)));
    if (c.has(2)) {
      steps = c.call("add.Tensor", steps, c.cast(alongAxis(c, 2), c.dtype(0)));
    }
    boolean signed = dtype == DType.INT8;
    Arg within = c.call("clamp", steps, of(signed ? -128.0 : 0.0), of(signed ? 127.0 : 255.0));
    return c.cast(within, dtype);
  }

  private static Arg dequantized(OnnxCall c) {
    DType dtype = c.dtype(1);
    Arg x = c.cast(c.tensor(0), dtype);
    Arg steps = c.has(2) ? c.call("sub.Tensor", x, c.cast(alongAxis(c, 2), dtype)) : x;
    return c.call("mul.Tensor", steps, alongAxis(c, 1));
  }

  /** A scale or zero point, broadcast along the axis that it has an element for each place of. */
  private static Arg alongAxis(OnnxCall c, int i) {
    if (c.attributes().integer("block_size", 0) != 0) {
      throw c.unsupported("a scale for each block");
    }
    if (c.rank(i) == 0 || c.rank(i) == 1 && c.shape(i).getFirst().is(1)) {
      return c.reshape(c.tensor(i), List.of());
    }
    int axis = c.axis(c.attributes().integer("axis", 1), c.rank(0));
    if (c.rank(i) != 1) {
      throw c.error("its scale or zero point has rank " + c.rank(i));
    }
    List<Dim> shape = new ArrayList<>(java.util.Collections.nCopies(c.rank(0), Dim.ONE));
    shape.set(axis, c.shape(i).getFirst());
    return c.reshape(c.tensor(i), shape);
  }
}
