package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;

/** Which hand-written kernel a {@link TemplateKernel} instantiates, with its geometry. */
public sealed interface Template {

  /**
   * {@code acc[b, m, n] = sum over k of a[b, m, k] * b[b, k, n]}. Operands: a over (b, m, k), b
   * over (b, k, n). Epilogue axes (b, m, n).
   */
  record Gemm(Dim batch, Dim m, Dim n, Dim k) implements Template {}

  /**
   * Two-dimensional convolution. Operands: image over (n, c, h, w), weight over (oc, c within the
   * group, kh, kw). Epilogue axes (n, oh, ow, oc).
   *
   * @param channelStride distance between channels of the image in memory, in elements: 1 for
   *     channels-last; known once layouts are assigned
   */
  record Conv2d(
      Dim n,
      Dim c,
      Dim h,
      Dim w,
      Dim oc,
      Dim oh,
      Dim ow,
      long kh,
      long kw,
      long strideH,
      long strideW,
      long padH,
      long padW,
      long dilationH,
      long dilationW,
      long groups,
      Dim channelStride)
      implements Template {
    /** The same convolution of an image laid out otherwise. */
    public Conv2d withChannelStride(Dim stride) {
      return new Conv2d(
          n, c, h, w, oc, oh, ow, kh, kw, strideH, strideW, padH, padW, dilationH, dilationW,
          groups, stride);
    }

    /** The same weights on an image of one element, for what does not depend on the image. */
    public Conv2d ofOneElement() {
      return new Conv2d(
          Dim.ONE,
          c,
          Dim.ONE,
          Dim.ONE,
          oc,
          Dim.ONE,
          Dim.ONE,
          kh,
          kw,
          strideH,
          strideW,
          padH,
          padW,
          dilationH,
          dilationW,
          groups,
          channelStride);
    }
  }

  /**
   * Scaled dot-product attention. Operands: query over (b, h, i, d), key and value over (b, kv
   * head, j, d), and optionally an additive mask over (b, h, i, j). Epilogue axes (b, h, i, value
   * column).
   *
   * @param causal position i sees positions up to i only (top-left aligned, as PyTorch)
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
      boolean causal)
      implements Template {}
}
