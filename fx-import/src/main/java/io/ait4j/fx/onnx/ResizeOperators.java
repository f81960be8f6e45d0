package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Interpolation: at other sizes, and at places that are data. */
final class ResizeOperators {
  private static final Map<String, Integer> SAMPLING =
      Map.of("bilinear", 0, "linear", 0, "nearest", 1, "bicubic", 2, "cubic", 2);
  private static final Map<String, Integer> OUTSIDE =
      Map.of("zeros", 0, "border", 1, "reflection", 2);

  private ResizeOperators() {}

  static void addTo(OperatorTable table) {
    table.add("Resize", ResizeOperators::resized);
    table.add("GridSample", ResizeOperators::sampled);
    table.add("RoiAlign", ResizeOperators::regions);
  }

  private static Arg resized(OnnxCall c) {
    Attributes a = c.attributes();
    if (a.flag("antialias", false)) {
      throw c.unsupported("antialias = 1");
    }
    String policy = a.text("keep_aspect_ratio_policy", "stretch");
    if (!policy.equals("stretch")) {
      throw c.unsupported("keep_aspect_ratio_policy = " + policy);
    }
    ResizedAxes axes = ResizedAxes.of(c);
    if (axes.areUnchanged()) {
      return c.tensor(0);
    }
    String mode = a.text("mode", "nearest");
    return switch (mode) {
      case "nearest" -> nearest(c, axes);
      case "linear" -> smooth(c, axes, "linear");
      case "cubic" -> {
        if (a.real("cubic_coeff_a", -0.75) != -0.75 || a.flag("exclude_outside", false)) {
          throw c.unsupported("cubic interpolation other than PyTorch's");
        }
        yield smooth(c, axes, "cubic");
      }
      default -> throw c.unsupported("mode = " + mode);
    };
  }

  private static Arg nearest(OnnxCall c, ResizedAxes axes) {
    boolean plain =
        axes.coordinates().equals("asymmetric")
            && c.attributes().text("nearest_mode", "round_prefer_floor").equals("floor");
    int spatial = c.rank(0) - 2;
    boolean fits = IntStream.range(0, c.rank(0)).noneMatch(axes::contradicts);
    if (plain && fits && (spatial == 1 || spatial == 2) && axes.areSpatial()) {
      return c.call("upsample_nearest" + spatial + "d", arguments(c.tensor(0), axes, spatial));
    }
    Arg result = c.tensor(0);
    for (int axis = 0; axis < c.rank(0); axis++) {
      if (axes.isChanged(axis)) {
        KnownTensor index = axes.nearest(axis);
        result =
            c.call("index_select", result, of(axis), c.out().tensor(new OnnxValue.Known(index)));
      }
    }
    return result;
  }

  private static Arg[] arguments(Arg x, ResizedAxes axes, int spatial, Arg... between) {
    List<Arg> args = new ArrayList<>();
    args.add(x);
    args.add(Arg.ofDims(axes.sizes().subList(2, 2 + spatial)));
    args.addAll(List.of(between));
    for (int i = 2; i < 2 + spatial; i++) {
      args.add(axes.scale(i).isPresent() ? of(axes.scale(i).getAsDouble()) : Arg.NONE);
    }
    return args.toArray(Arg[]::new);
  }

  private static Arg smooth(OnnxCall c, ResizedAxes axes, String mode) {
    int spatial = c.rank(0) - 2;
    if (!axes.areSpatial() || spatial < 1 || spatial > 3 || mode.equals("cubic") && spatial != 2) {
      throw c.unsupported(mode + " interpolation of shape " + c.shape(0) + " to " + axes.sizes());
    }
    Arg x = c.tensor(0);
    boolean aligned = axes.coordinates().equals("align_corners");
    if (axes.coordinates().equals("pytorch_half_pixel")) {
      x = firstOnly(c, x, axes);
    } else if (!aligned && !axes.coordinates().equals("half_pixel")) {
      throw c.unsupported(
          mode + " interpolation with coordinate_transformation_mode = " + axes.coordinates());
    }
    Arg[] args = arguments(x, axes, spatial, of(aligned));
    if (mode.equals("linear") && spatial < 3) {
      return c.call(spatial == 1 ? "upsample_linear1d" : "upsample_bilinear2d", args);
    }
    List<Dim> shape = new ArrayList<>(c.shape(0).subList(0, 2));
    shape.addAll(axes.sizes().subList(2, 2 + spatial));
    TensorMeta type = TensorMeta.contiguous(c.dtype(0), shape);
    return c.typed(
            spatial == 3 ? "upsample_trilinear3d" : "upsample_bicubic2d", List.of(type), args)
        .getFirst();
  }

  /** These coordinates take a lone result from the first element, not from the middle. */
  private static Arg firstOnly(OnnxCall c, Arg x, ResizedAxes axes) {
    Arg result = x;
    for (int axis = 2; axis < c.rank(0); axis++) {
      if (axes.isChanged(axis) && axes.sizes().get(axis).is(1)) {
        result = c.call("slice.Tensor", result, of(axis), of(0), of(1), of(1));
      }
    }
    return result;
  }

  private static Arg sampled(OnnxCall c) {
    String mode = c.attributes().text("mode", c.version() < 20 ? "bilinear" : "linear");
    String outside = c.attributes().text("padding_mode", "zeros");
    if (c.rank(0) != 4 || !SAMPLING.containsKey(mode) || !OUTSIDE.containsKey(outside)) {
      throw c.unsupported(
          "mode = %s, padding_mode = %s for rank %d".formatted(mode, outside, c.rank(0)));
    }
    List<Dim> shape = new ArrayList<>(c.shape(0).subList(0, 2));
    shape.addAll(c.shape(1).subList(1, 3));
    return c.typed(
            "grid_sampler_2d",
            List.of(TensorMeta.contiguous(c.dtype(0), shape)),
            c.tensor(0),
            c.tensor(1),
            of(SAMPLING.get(mode).longValue()),
            of(OUTSIDE.get(outside).longValue()),
            of(c.attributes().flag("align_corners", false)))
        .getFirst();
  }

  /** The boxes and the numbers of their images are one tensor in PyTorch. */
  private static Arg regions(OnnxCall c) {
    Attributes a = c.attributes();
    String mode = a.text("mode", "avg");
    String coordinates =
        a.text(
            "coordinate_transformation_mode",
            c.version() < 16 ? "output_half_pixel" : "half_pixel");
    boolean aligned = coordinates.equals("half_pixel");
    if (!mode.equals("avg") || !aligned && !coordinates.equals("output_half_pixel")) {
      throw c.unsupported(
          "mode = %s with coordinate_transformation_mode = %s".formatted(mode, coordinates));
    }
    Arg images = c.call("unsqueeze", c.cast(c.tensor(2), c.dtype(1)), of(1));
    Arg boxes = c.call("cat", new Arg.Sequence(List.of(images, c.tensor(1))), of(1));
    return c.out()
        .emit(
            "torchvision::roi_align",
            List.of(
                c.tensor(0),
                boxes,
                of(a.real("spatial_scale", 1)),
                of(a.integer("output_height", 1)),
                of(a.integer("output_width", 1)),
                of(a.integer("sampling_ratio", 0)),
                of(aligned)),
            c.node().label())
        .getFirst();
  }
}
