package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What Resize makes of each axis, and where its elements come from.
 *
 * @param from sizes before
 * @param sizes after
 * @param scales by which each axis grows, null if the sizes alone are given
 * @param coordinates how places after are places before, {@code half_pixel} and the like
 * @param nearestMode how a place before is rounded
 */
record ResizedAxes(
    List<Dim> from, List<Dim> sizes, List<Double> scales, String coordinates, String nearestMode) {

  private static final long MAX_INDICES = 1 << 20;

  static ResizedAxes of(OnnxCall c) {
    List<Dim> from = c.shape(0);
    List<Integer> axes = new ArrayList<>();
    for (long axis : c.attributes().integers("axes").orElse(all(from.size()))) {
      axes.add(c.axis(axis, from.size()));
    }
    List<Dim> sizes = new ArrayList<>(from);
    List<Double> scales = null;
    boolean sized = c.has(3) && !c.dims(3).isEmpty();
    if (sized) {
      List<Dim> given = c.dims(3);
      check(c, axes, given.size());
      for (int i = 0; i < axes.size(); i++) {
        sizes.set(axes.get(i), given.get(i));
      }
    } else {
      KnownTensor given =
          c.known(2).orElseThrow(() -> c.unsupported("a scale that is computed from data"));
      check(c, axes, given.elements().size());
      scales = new ArrayList<>(java.util.Collections.nCopies(from.size(), 1.0));
      for (int i = 0; i < axes.size(); i++) {
        double scale =
            given.real(i).orElseThrow(() -> c.unsupported("a scale that depends on sizes"));
        scales.set(axes.get(i), scale);
        sizes.set(axes.get(i), scaled(c, from.get(axes.get(i)), scale));
      }
    }
    return new ResizedAxes(
        from,
        sizes,
        scales,
        c.attributes().text("coordinate_transformation_mode", "half_pixel"),
        c.attributes().text("nearest_mode", "round_prefer_floor"));
  }

  private static List<Long> all(int rank) {
    return java.util.stream.LongStream.range(0, rank).boxed().toList();
  }

  private static void check(OnnxCall c, List<Integer> axes, int given) {
    if (given != axes.size()) {
      throw c.error("%d sizes or scales for %d axes".formatted(given, axes.size()));
    }
  }

  private static Dim scaled(OnnxCall c, Dim size, double scale) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw c.error("a scale is " + scale);
    }
    if (size.isConst()) {
      return Dim.of((long) ((float) size.value() * (float) scale));
    }
    if (scale == Math.rint(scale)) {
      return size.times((long) scale);
    }
    if (1 / scale == Math.rint(1 / scale)) {
      return size.floorDiv((long) (1 / scale));
    }
    throw c.unsupported("a scale of " + scale + " of a dynamic size");
  }

  boolean isChanged(int axis) {
    return !sizes.get(axis).equals(from.get(axis)) || scales != null && scales.get(axis) != 1;
  }

  boolean areUnchanged() {
    return all(from.size()).stream().noneMatch(axis -> isChanged(axis.intValue()));
  }

  /** Whether the first two axes stay. */
  boolean areSpatial() {
    return from.size() > 2 && !isChanged(0) && !isChanged(1);
  }

  OptionalDouble scale(int axis) {
    return scales == null ? OptionalDouble.empty() : OptionalDouble.of(scales.get(axis));
  }

  /** Whether the sizes say 1 or 2 and the factor does not, where PyTorch may go by the sizes. */
  boolean contradicts(int axis) {
    if (scales == null || !sizes.get(axis).isConst() || !from.get(axis).isConst()) {
      return false;
    }
    long before = from.get(axis).value();
    long after = sizes.get(axis).value();
    return after == before && scales.get(axis) != 1 || after == 2 * before && scales.get(axis) != 2;
  }

  /**
   * For each place after, the nearest one before. In float, as other implementations compute it;
   * needs constant sizes.
   */
  KnownTensor nearest(int axis) {
    if (!sizes.get(axis).isConst() || !from.get(axis).isConst() || from.get(axis).is(0)) {
      throw unsupported("nearest interpolation of the size " + from.get(axis));
    }
    if (sizes.get(axis).value() > MAX_INDICES) {
      throw unsupported("a nearest neighbour for each of " + sizes.get(axis) + " places");
    }
    int before = Math.toIntExact(from.get(axis).value());
    int after = Math.toIntExact(sizes.get(axis).value());
    float scale = scales == null ? (float) after / before : scales.get(axis).floatValue();
    List<Num> index = new ArrayList<>();
    for (int i = 0; i < after; i++) {
      double place = rounded(place(i, before, after, scale));
      index.add(Num.of((long) Math.clamp(place, 0, before - 1)));
    }
    return new KnownTensor(DType.INT64, List.of(after), index);
  }

  private float place(int i, int before, int after, float scale) {
    return switch (coordinates) {
      case "half_pixel" -> (i + 0.5f) / scale - 0.5f;
      case "pytorch_half_pixel" -> after > 1 ? (i + 0.5f) / scale - 0.5f : 0;
      case "align_corners" -> after == 1 ? 0 : (float) i * (before - 1) / (after - 1);
      case "asymmetric" -> i / scale;
      default -> throw unsupported("coordinate_transformation_mode = " + coordinates);
    };
  }

  private double rounded(float place) {
    return switch (nearestMode) {
      case "round_prefer_floor" -> Math.ceil(place - 0.5f);
      case "round_prefer_ceil" -> Math.floor(place + 0.5f);
      case "floor" -> Math.floor(place);
      case "ceil" -> Math.ceil(place);
      default -> throw unsupported("nearest_mode = " + nearestMode);
    };
  }

  private static ModelException unsupported(String what) {
    return new ModelException(
        ModelException.Kind.IMPORT, what + " is not supported; export the model without it");
  }
}
