package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.Template.Algorithm;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.List;

/**
 * How convolutions are computed. Winograd's algorithm takes a third to a half of the direct one's
 * time where its transformed weights, 16 or 36 numbers instead of 9, are used by many tiles. It
 * rounds more: against sums in double the relative error of a layer is 5e-7 with tiles of 2 x 2 and
 * up to 2e-6 with tiles of 4 x 4, that of the direct sums 4e-7. The transforms would spread an
 * infinity or a NaN over a whole tile; a tile with an output that is not finite is computed once
 * more by direct sums, so that only those outputs have it whose window holds it. Looking costs less
 * than 2 % of a layer. Weights have to be finite: an infinite one gives NaN in all of its output
 * channel, where direct sums give infinities; and one below some 1e-6 of its kernel's largest
 * counts as 0 next to an infinity, as the transforms round it away.
 */
final class ChooseAlgorithms implements Pass {
  /** Tiles that pay for the weights' way from memory: as many as a register tile has rows. */
  private static final long TILES = 12;

  /** Fewer channels do not pay for the transforms. */
  private static final long CHANNELS = 32;

  @Override
  public Program run(Program program) {
    return program.withKernels(
        program.kernels().stream().map(kernel -> chosen(program, kernel)).toList());
  }

  private static Kernel chosen(Program program, Kernel kernel) {
    if (!(kernel instanceof TemplateKernel template)
        || !(template.template() instanceof Template.Conv conv)
        || !fits(conv)
        || program.isConstant(kernel) // runs once, as its weights are packed
        || !FoldScales.hasConstantWeight(program, template)) {
      return kernel;
    }
    for (Algorithm algorithm : List.of(Algorithm.WINOGRAD_4, Algorithm.WINOGRAD_2)) {
      if (tiles(conv, algorithm.tile()) >= TILES) {
        return template.withTemplate(conv.withAlgorithm(algorithm));
      }
    }
    return kernel;
  }

  /** As {@code conv_fits_winograd} in {@code winograd.h}, with enough channels to pay. */
  private static boolean fits(Template.Conv conv) {
    return fits(conv.window().get(1))
        && fits(conv.window().get(2))
        && conv.groups() == 1
        && conv.channelStride().is(1)
        && fits(conv.c(), 16)
        && fits(conv.oc(), 8);
  }

  private static boolean fits(Template.Window window) {
    return window.kernel() == 3 && window.stride() == 1 && window.dilation() == 1;
  }

  private static boolean fits(Dim channels, long multiple) {
    return channels.isConst() && channels.value() >= CHANNELS && channels.value() % multiple == 0;
  }

  /** How many tiles there likely are. */
  private static long tiles(Template.Conv conv, int size) {
    long tiles = LikelySizes.of(conv.n()) * LikelySizes.of(conv.window().getFirst().out());
    for (Template.Window window : conv.window().subList(1, 3)) {
      tiles = tiles * Math.ceilDiv(LikelySizes.of(window.out()), size);
    }
    return tiles;
  }
}
