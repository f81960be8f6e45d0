package io.ait4j.compiler.convert;

import static io.ait4j.compiler.ir.Expr.binary;
import static io.ait4j.compiler.ir.Expr.literal;
import static io.ait4j.compiler.ir.Expr.unary;

import io.ait4j.compiler.convert.SourcePosition.Scale;
import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.UnaryOp;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.rules.MemoryLayout;
import java.util.function.LongUnaryOperator;

/**
 * Which element of an image is nearest to one of the resized one, as PyTorch rounds. It has two
 * ways: one for images that are channels-last or small, in float, which takes a size that is twice
 * the other for a factor of 2 whatever the factor given; and one for the rest, in double if the
 * image is.
 */
final class NearestPosition {
  /** Height and width of a small image together. */
  private static final long SMALL = 128;

  /** As many elements are worth looking at one by one. */
  private static final long FEW = 1 << 14;

  private final Scale scale;
  private final DType dtype;
  private final boolean centered;

  private NearestPosition(Scale scale, DType dtype, boolean centered) {
    this.scale = scale;
    this.dtype = dtype;
    this.centered = centered;
  }

  /**
   * Of element {@code out} along spatial dimension {@code i}: the one before it, or if {@code
   * centered} around it.
   */
  static SourcePosition of(Conversion cx, int i, Dim out, boolean centered) {
    Scale scale = Scale.of(cx, i, false, 2);
    DType wide = cx.result().dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    NearestPosition position = new NearestPosition(scale, wide, centered);
    return position.of(out, isShort(cx));
  }

  /** Whether the first way is taken: a truth value known now or when it runs. */
  private static Expr isShort(Conversion cx) {
    TensorMeta image = cx.meta(0);
    boolean last = MemoryLayout.isChannelsLast(image) && image.shape().get(1).min() > 3;
    if (last || image.rank() != 4) {
      return literal(DType.BOOL, last ? 1L : 0L);
    }
    Dim sizes = cx.result().shape().get(2).plus(cx.result().shape().get(3));
    if (sizes.isConst()) {
      return literal(DType.BOOL, sizes.value() <= SMALL ? 1L : 0L);
    }
    return Expr.within(sizes, Dim.ZERO, Dim.of(SMALL + 1));
  }

  private SourcePosition of(Dim out, Expr isShort) {
    Dim in = scale.in();
    Dim size = scale.size();
    Dim exact =
        centered
            ? out.times(2).plus(1).times(in).floorDiv(size.times(2))
            : out.times(in).floorDiv(size);
    Expr none = literal(DType.FLOAT32, 0.0);
    if (in.isConst() && size.isConst() ? isRounded(isShort) : !centered && doubles()) {
      return new SourcePosition.Exact(exact, none, scale.last());
    }
    Expr computed = choose(isShort, shortly(out), computed(out, dtype));
    return new SourcePosition.Computed(computed, none, scale.last());
  }

  private static Expr choose(Expr condition, Expr then, Expr otherwise) {
    if (condition instanceof Expr.Literal known) {
      return known.integer() != 0 ? then : otherwise;
    }
    return then.equals(otherwise) ? then : Expr.select(condition, then, otherwise);
  }

  /** By the first way. */
  private Expr shortly(Dim out) {
    Expr computed = computed(out, DType.FLOAT32);
    if (centered || scale.factor() <= 0) {
      return computed;
    }
    Expr twice = equal(scale.size(), scale.in().times(2));
    Expr same = equal(scale.size(), scale.in());
    Expr half = choose(twice, new Expr.Index(out.floorDiv(2)), computed);
    return choose(same, new Expr.Index(out), half);
  }

  private static Expr equal(Dim a, Dim b) {
    Dim difference = a.minus(b);
    if (difference.min() > 0 || difference.max() < 0 || difference.is(0)) {
      return literal(DType.BOOL, difference.is(0) ? 1L : 0L);
    }
    return binary(BinaryOp.EQ, new Expr.Index(a), new Expr.Index(b));
  }

  /** In floating point; what is computed in double is rounded to float before it is cut off. */
  private Expr computed(Dim out, DType in) {
    Expr step = scale.step(in);
    Expr at = Expr.cast(in, new Expr.Index(out));
    Expr half = literal(in, 0.5);
    Expr position =
        centered
            ? binary(BinaryOp.ADD, SourcePosition.center(step, at, in, true), half)
            : binary(BinaryOp.MUL, at, step);
    return Expr.cast(DType.INT64, unary(UnaryOp.FLOOR, Expr.cast(DType.FLOAT32, position)));
  }

  /** Whether floating point, as PyTorch's, gives the exact positions by each way there may be. */
  private boolean isRounded(Expr isShort) {
    if (scale.in().value() > FEW || scale.size().value() > FEW) {
      return false;
    }
    return isShort instanceof Expr.Literal known
        ? isRounded(known.integer() != 0)
        : isRounded(true) && isRounded(false);
  }

  private boolean isRounded(boolean shortly) {
    long in = scale.in().value();
    long size = scale.size().value();
    LongUnaryOperator rounded = shortly || dtype == DType.FLOAT32 ? this::inFloat : this::inDouble;
    boolean given = scale.factor() > 0;
    for (long o = 0; o < size; o++) {
      boolean counted = shortly && given && !centered && (size == in || size == 2 * in);
      long exact = centered ? (2 * o + 1) * in / (2 * size) : o * in / size;
      if (!counted && Math.min(rounded.applyAsLong(o), in - 1) != exact) {
        return false;
      }
    }
    return true;
  }

  private long inFloat(long o) {
    float in = scale.in().value();
    float step = scale.factor() > 0 ? (float) (1 / scale.factor()) : in / scale.size().value();
    float at = centered ? Math.max(0, step * (o + 0.5f) - 0.5f) + 0.5f : o * step;
    return (long) Math.floor(at);
  }

  private long inDouble(long o) {
    double in = scale.in().value();
    double step = scale.factor() > 0 ? 1 / scale.factor() : in / scale.size().value();
    double at = centered ? Math.max(0, step * (o + 0.5) - 0.5) + 0.5 : o * step;
    return (long) Math.floor((float) at);
  }

  /** By a power of 2, which divides exactly whatever the sizes. */
  private boolean doubles() {
    Dim times = scale.size().floorDiv(scale.in());
    return times.isConst()
        && Long.bitCount(times.value()) == 1
        && scale.in().times(times).equals(scale.size())
        && (scale.factor() <= 0 || scale.factor() == times.value());
  }
}
