package io.ait4j.lower.verify;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How one output compares with its reference.
 *
 * <p>It agrees if dtype and shape are equal and, for floating types, ‖out − ref‖ ≤ tolerance·‖ref‖
 * and every |out − ref| ≤ 20·tolerance·(|ref| + rms(ref)); integers and truth values must be equal.
 * NaN equals NaN and an infinity equals itself; such elements take no part in the norms.
 *
 * @param relL2Error ‖out − ref‖ / ‖ref‖ over the finite elements; infinite if the two cannot be
 *     compared
 * @param maxAbsError largest |out − ref| over the finite elements; infinite likewise
 * @param vacuous nothing was compared: the tensor is empty, or its reference is NaN throughout
 * @param complaint what does not agree; empty if all does
 */
public record Comparison(
    double relL2Error, double maxAbsError, boolean vacuous, Optional<String> complaint) {

  /** Beyond what networks compute: such numbers stand for infinity in masks. */
  private static final double HUGE = 1e30;

  /** One wrong row of a large tensor stays under the norm, so single elements are bounded too. */
  private static final double ELEMENT_FACTOR = 20;

  /** The tolerance that goes with a type when the user gives none. */
  public static double defaultTolerance(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> 5e-3;
      case BFLOAT16 -> 2e-2;
      default -> 1e-4;
    };
  }

  /** Compares {@code out} with {@code reference}, both of any strides. */
  public static Comparison of(NativeTensor out, NativeTensor reference, double tolerance) {
    if (out.dtype() != reference.dtype()) {
      return incomparable(
          "is %s instead of %s".formatted(out.dtype().torchName(), reference.dtype().torchName()));
    }
    if (!Arrays.equals(out.sizes(), reference.sizes())) {
      return incomparable("has shape %s instead of %s".formatted(out.shape(), reference.shape()));
    }
    Elements outs = Elements.of(out);
    Elements references = Elements.of(reference);
    return out.dtype().isFloating() || out.dtype().isComplex()
        ? floating(outs, references, tolerance)
        : exact(outs, references);
  }

  private static Comparison incomparable(String complaint) {
    return new Comparison(
        Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, false, Optional.of(complaint));
  }

  private static Comparison exact(Elements out, Elements reference) {
    double worst = 0;
    double difference2 = 0;
    double reference2 = 0;
    long firstWrong = -1;
    for (long i = 0; i < reference.count(); i++) {
      if (out.integer(i) != reference.integer(i) && firstWrong < 0) {
        firstWrong = i;
      }
      double r = reference.integer(i);
      double d = Math.abs(out.integer(i) - r);
      worst = Math.max(worst, d);
      difference2 += d * d;
      reference2 += r * r;
    }
    Optional<String> complaint =
        firstWrong < 0
            ? Optional.empty()
            : Optional.of(
                "must be exact, but element %d is %d instead of %d"
                    .formatted(firstWrong, out.integer(firstWrong), reference.integer(firstWrong)));
    return new Comparison(ratio(difference2, reference2), worst, reference.count() == 0, complaint);
  }

  private static Comparison floating(Elements out, Elements reference, double tolerance) {
    double difference2 = 0;
    double reference2 = 0;
    double worst = 0;
    long finite = 0;
    long numbers = 0;
    for (long i = 0; i < reference.count(); i++) {
      double o = out.real(i);
      double r = reference.real(i);
      if (!Double.isNaN(r)) {
        numbers++;
      }
      if (!Double.isFinite(o) || !Double.isFinite(r)) {
        if (Double.compare(o, r) != 0) {
          return incomparable("element %d is %s instead of %s".formatted(i, o, r));
        }
        continue;
      }
      finite += Math.abs(r) > HUGE ? 0 : 1;
      double d = Math.abs(o - r);
      worst = Math.max(worst, d);
      if (Math.abs(r) > HUGE) { // a mask's lowest number would hide every error beside it
        if (d > tolerance * Math.abs(r)) {
          return incomparable("element %d is %s instead of %s".formatted(i, o, r));
        }
        continue;
      }
      difference2 += d * d;
      reference2 += r * r;
    }
    double rel = ratio(difference2, reference2);
    Optional<String> complaint =
        Math.sqrt(difference2) <= tolerance * Math.sqrt(reference2)
            ? wrongElement(out, reference, tolerance, Math.sqrt(reference2 / Math.max(1, finite)))
            : Optional.of(
                String.format(Locale.ROOT, "relative error %.1e is above %.1e", rel, tolerance));
    return new Comparison(rel, worst, numbers == 0, complaint);
  }

  private static Optional<String> wrongElement(
      Elements out, Elements reference, double tolerance, double rms) {
    for (long i = 0; i < reference.count(); i++) {
      double o = out.real(i);
      double r = reference.real(i);
      if (Double.isFinite(r)
          && Math.abs(r) <= HUGE
          && Math.abs(o - r) > ELEMENT_FACTOR * tolerance * (Math.abs(r) + rms)) {
        return Optional.of(
            String.format(Locale.ROOT, "element %d is %.7g instead of %.7g", i, o, r));
      }
    }
    return Optional.empty();
  }

  private static double ratio(double difference2, double reference2) {
    return difference2 == 0
        ? 0
        : reference2 == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(difference2 / reference2);
  }
}
