package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** Resizing, with the size computed from the factors where those are given. */
final class UpsampleDecompositions {
  private UpsampleDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add(
        "upsample_nearest1d.vec upsample_nearest2d.vec upsample_nearest3d.vec"
            + " _upsample_nearest_exact1d.vec _upsample_nearest_exact2d.vec"
            + " _upsample_nearest_exact3d.vec",
        r -> sized(r, false));
    table.add(
        "upsample_linear1d.vec upsample_bilinear2d.vec upsample_trilinear3d.vec"
            + " upsample_bicubic2d.vec _upsample_bilinear2d_aa.vec _upsample_bicubic2d_aa.vec",
        r -> sized(r, true));
    table.add("upsample_linear1d", UpsampleDecompositions::flatly);
  }

  private static Arg sized(Rewrite r, boolean aligned) {
    int scaleArg = aligned ? 3 : 2;
    List<Arg> args = new ArrayList<>();
    args.add(r.arg(0));
    args.add(r.has(1) ? r.arg(1) : Arg.ofDims(scaled(r, scaleArg)));
    if (aligned) {
      args.add(r.arg(2));
    }
    int spatial = r.meta(0).rank() - 2;
    for (int i = 0; i < spatial; i++) {
      args.add(r.has(scaleArg) ? r.elements(scaleArg).get(i) : Arg.NONE);
    }
    return r.call(r.target().name(), args.toArray(Arg[]::new));
  }

  private static List<Dim> scaled(Rewrite r, int scaleArg) {
    List<Dim> sizes = new ArrayList<>();
    List<Arg> scales = r.elements(scaleArg);
    for (int i = 0; i < scales.size(); i++) {
      double scale = ((Arg.Float) scales.get(i)).value();
      Dim size = r.meta(0).shape().get(2 + i);
      sizes.add(size.isConst() ? Dim.of((long) (size.value() * scale)) : scaled(r, size, scale));
    }
    return sizes;
  }

  /** By a factor like 1.5 or 0.25, which products with sizes represent exactly. */
  private static Dim scaled(Rewrite r, Dim size, double scale) {
    long parts = 1 << 10;
    double whole = scale * parts;
    if (whole != Math.rint(whole) || whole < 0 || whole > 1 << 20) {
      throw r.error(
          "the size %s is scaled by %s, which rounds in floating point; give it a constant size"
              .formatted(size, scale));
    }
    return size.times((long) whole).floorDiv(parts);
  }

  /** Runs a resizing over [1, L] by the one over [H, W]. */
  private static Arg flatly(Rewrite r) {
    Arg flat = r.unsqueeze(r.arg(0), -2);
    Arg size = Arg.ofDims(List.of(Dim.ONE, r.dims(1).getFirst()));
    Arg resized = r.call("upsample_bilinear2d", flat, size, r.arg(2), Arg.NONE, r.arg(3));
    return r.call("squeeze.dim", resized, of(-2));
  }
}
