package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which hand-written kernel a {@link TemplateKernel} instantiates, with its geometry. */
public sealed interface Template {

  /**
   * {@code acc[b, m, n] = sum over k of a[b, m, k] * b[b, k, n]}. Operands: a over (b, m, k), b
   * over (b, k, n). Epilogue axes (b, m, n).
   */
  record Gemm(Dim batch, Dim m, Dim n, Dim k) implements Template {}

  /**
   * Convolution over depth, height and width; a dimension that is missing has size 1. Operands:
   * image over (n, c, d, h, w), weight over (oc, c within the group, kd, kh, kw). Epilogue axes (n,
   * od, oh, ow, oc).
   *
   * @param window depth, height and width
   * @param algorithm how it is computed; chosen once layouts are assigned
   * @param channelStride distance between channels of the image in memory, in elements: 1 for
   *     channels-last; known once layouts are assigned
   */
  record Conv(
      Dim n,
      Dim c,
      Dim oc,
      List<Window> window,
      long groups,
      Dim channelStride,
      Algorithm algorithm)
      implements Template {
    public Conv {
      window = List.copyOf(window);
    }

    /** The same convolution of an image laid out otherwise. */
    public Conv withChannelStride(Dim stride) {
      return new Conv(n, c, oc, window, groups, stride, algorithm);
    }

    public Conv withAlgorithm(Algorithm chosen) {
      return new Conv(n, c, oc, window, groups, channelStride, chosen);
    }

    /** The same weights on an image of one element, for what does not depend on the image. */
    public Conv ofOneElement() {
      List<Window> one = window.stream().map(w -> w.over(Dim.ONE, Dim.ONE)).toList();
      return new Conv(Dim.ONE, c, oc, one, groups, channelStride, algorithm);
    }

    /** Elements of the kernel. */
    public long taps() {
      return window.stream().mapToLong(Window::kernel).reduce(1, (a, b) -> a * b);
    }

    /** As {@code conv_is_depthwise} in {@code dwconv.h}, by which packing chooses its order. */
    public boolean isDepthwise() {
      long inputs = c.value() / groups;
      long outputs = oc.value() / groups;
      Window depth = window.getFirst();
      boolean deep = depth.kernel() != 1 || depth.stride() != 1 || depth.pad() != 0;
      return groups > 1
          && channelStride.is(1)
          && (deep ? inputs == 1 && outputs == 1 : inputs <= 8 && (inputs == 1 || outputs <= 8));
    }

    /** What the image runs over. */
    public List<Dim> image() {
      return around(n, c, Window::in);
    }

    /** What the weight runs over. */
    public List<Dim> weight() {
      return around(oc, c.floorDiv(groups), w -> Dim.of(w.kernel()));
    }

    /** What the epilogue runs over. */
    public List<Dim> result() {
      List<Dim> dims = new ArrayList<>(around(n, oc, Window::out));
      dims.add(dims.remove(1));
      return dims;
    }

    private List<Dim> around(Dim first, Dim second, Function<Window, Dim> each) {
      List<Dim> dims = new ArrayList<>(List.of(first, second));
      window.forEach(w -> dims.add(each.apply(w)));
      return dims;
    }
  }

  /** How a convolution is computed. */
  enum Algorithm {
    /** Sums over the kernel's elements. */
    DIRECT(0),
    /** Winograd's, by tiles of 2 x 2 outputs: 16 products instead of 36. */
    WINOGRAD_2(2),
    /** Winograd's, by tiles of 4 x 4 outputs: 36 products instead of 144. */
    WINOGRAD_4(4);

    private final int tile;

    Algorithm(int tile) {
      this.tile = tile;
    }

    /** Outputs of a tile along height and width; 0 for none. */
    public int tile() {
      return tile;
    }

    /** Products for each tile, input and output channel, {@link #insteadOf} so many. */
    public long products() {
      return tile == 0 ? 1 : (tile + 2L) * (tile + 2);
    }

    public long insteadOf() {
      return tile == 0 ? 1 : 9L * tile * tile;
    }
  }

  /**
   * How a convolution's kernel moves along one dimension.
   *
   * @param pad zeros in front of the image; those behind follow from {@code out}
   */
  record Window(Dim in, Dim out, long kernel, long stride, long pad, long dilation) {
    /** Along a dimension that is not there. */
    public static final Window NONE = new Window(Dim.ONE, Dim.ONE, 1, 1, 0, 1);

    /** The same kernel on another image. */
    public Window over(Dim newIn, Dim newOut) {
      return new Window(newIn, newOut, kernel, stride, pad, dilation);
    }
  }

  /**
   * Scaled dot-product attention. Operands: query over (b, h, i, d), key and value over (b, kv
   * head, j, d), and optionally what becomes of each score before the softmax, over (b, h, i, j):
   * an expression that names the scaled score {@link Expr.Accumulator}. Epilogue axes (b, h, i,
   * value column).
   *
   * @param causal position i sees positions up to i only (top-left aligned, as PyTorch)
   * @param hiddenIsZero whether a query that sees no key yields zeros, as PyTorch's operator does;
   *     else NaN, as a softmax does
   */
  record Attention(
      Dim batch,
      Dim heads,
      Dim kvHeads,
      Dim queryLength,
      Dim keyLength,
      Dim headDim,
      Dim valueDim,
      double scale,
      boolean causal,
      boolean hiddenIsZero)
      implements Template {}
}
