package io.ait4j.fx.rules;

import io.ait4j.fx.DType;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * PyTorch's type promotion: tensors with dimensions outrank those without, which outrank numbers.
 */
public final class TypePromotion {
  private TypePromotion() {}

  /** The type in which an operator computes on these tensors and numbers of these types. */
  public static DType of(List<TensorMeta> tensors, List<DType> numbers) {
    List<Operand> operands = new ArrayList<>();
    tensors.forEach(t -> operands.add(Operand.of(t)));
    numbers.forEach(n -> operands.add(Operand.number(n)));
    return common(operands);
  }

  /** The type in which an operator computes on these operands. */
  static DType common(List<Operand> operands) {
    DType tensors = null;
    DType scalars = null;
    DType numbers = null;
    for (Operand operand : operands) {
      DType type = operand.meta().dtype();
      if (operand.wrapped()) {
        numbers = promoteOrSame(numbers, type.isFloating() ? DType.FLOAT32 : type);
      } else if (operand.meta().rank() == 0) {
        scalars = promoteOrSame(scalars, type);
      } else {
        tensors = promoteOrSame(tensors, type);
      }
    }
    return combine(tensors, combine(scalars, numbers));
  }

  /** The same for operators that compute on real numbers: integers become float32. */
  static DType commonFloating(List<Operand> operands) {
    return floating(common(operands));
  }

  static DType floating(DType type) {
    return type.isInteger() || type == DType.BOOL ? DType.FLOAT32 : type;
  }

  private static DType promoteOrSame(DType a, DType b) {
    return a == null ? b : b == null ? a : promote(a, b);
  }

  private static DType combine(DType higher, DType lower) {
    if (higher == null || lower == null) {
      return promoteOrSame(higher, lower);
    }
    if (higher.isComplex()) {
      return higher;
    }
    if (higher.isFloating()) {
      return lower.isComplex() ? complexOf(higher) : higher;
    }
    return higher == DType.BOOL || lower.isFloating() || lower.isComplex()
        ? promote(higher, lower)
        : higher;
  }

  private static DType complexOf(DType floating) {
    return floating == DType.FLOAT64 ? DType.COMPLEX128 : DType.COMPLEX64;
  }

  /** The real type of a complex one's parts; others are their own. */
  static DType realOf(DType type) {
    return switch (type) {
      case COMPLEX64 -> DType.FLOAT32;
      case COMPLEX128 -> DType.FLOAT64;
      default -> type;
    };
  }

  /** The smallest type that holds both, as {@code torch.promote_types}. */
  static DType promote(DType a, DType b) {
    if (a == b || b == DType.BOOL) {
      return a;
    }
    if (a == DType.BOOL) {
      return b;
    }
    if (a.isComplex() || b.isComplex()) {
      boolean wide =
          a == DType.COMPLEX128
              || b == DType.COMPLEX128
              || a == DType.FLOAT64
              || b == DType.FLOAT64;
      return wide ? DType.COMPLEX128 : DType.COMPLEX64;
    }
    if (a.isFloating() != b.isFloating()) {
      return a.isFloating() ? a : b;
    }
    if (a.bytes() != b.bytes()) {
      return a.bytes() > b.bytes() ? a : b;
    }
    // Of one size and not the same: the two half precisions, or the two 8-bit integers.
    return a.isFloating() ? DType.FLOAT32 : DType.INT16;
  }
}
