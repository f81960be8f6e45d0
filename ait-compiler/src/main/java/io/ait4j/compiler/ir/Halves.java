package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;

/**
 * float16 and bfloat16 are types of memory: loads widen to float32, all computing is in float32 or
 * wider, stores round to the nearest, ties to even. Where fusion joins a store and a load nothing
 * is rounded, so that a chain is more exact than its operators one by one; an operator that may
 * jump (a comparison, a conversion to integers) asks for {@link #rounded} operands, so that it
 * decides as PyTorch does.
 */
public final class Halves {
  private Halves() {}

  public static boolean isHalf(DType dtype) {
    return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16;
  }

  /** Nothing computes on a half type: only its bits are known. */
  static void refuse(Enum<?> op, DType dtype) {
    if (isHalf(dtype)) {
      throw new IllegalArgumentException(op + " of " + dtype);
    }
  }

  /** The nearest number of {@code dtype} if that is a half type, else {@code value}. */
  public static double round(DType dtype, double value) {
    return switch (dtype) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BFLOAT16 -> Float.intBitsToFloat(bits(dtype, value) << 16);
      default -> value;
    };
  }

  /** How memory holds {@code value}. */
  public static int bits(DType dtype, double value) {
    if (dtype == DType.FLOAT16) {
      return Float.floatToFloat16((float) value) & 0xffff;
    }
    int bits = Float.floatToIntBits((float) value);
    return Double.isNaN(value) ? 0x7fc0 : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  }

  /** A float32 with no more digits than {@code dtype} has; other types are left alone. */
  public static Expr rounded(DType dtype, Expr value) {
    if (value instanceof Expr.Literal literal && isHalf(dtype)) {
      return Expr.literal(DType.FLOAT32, round(dtype, literal.floating()));
    }
    return switch (dtype) {
      case FLOAT16 -> Expr.unary(UnaryOp.ROUND_FLOAT16, Expr.cast(DType.FLOAT32, value));
      case BFLOAT16 -> Expr.unary(UnaryOp.ROUND_BFLOAT16, Expr.cast(DType.FLOAT32, value));
      default -> value;
    };
  }
}
