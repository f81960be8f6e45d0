package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The ways to compute a template kernel. */
public final class Candidates {
  private Candidates() {}

  /**
   * The candidates that a GPU would run.
   *
   * @param capability of the GPU, times ten, one that the target is for
   * @param sizes at which products are to be fast: a value for each symbol of the program, by its
   *     name
   * @return the one that the cost model takes first, then those it expects to be next; none if
   *     there is no choice
   */
  public static List<Candidate> of(
      Program program,
      TemplateKernel kernel,
      CudaTarget target,
      int capability,
      Map<String, Long> sizes) {
    boolean copies = target.hasWgmma() && capability == 90;
    return switch (kernel.template()) {
      case Template.Gemm gemm -> {
        GemmCandidates tiles = GemmCandidates.of(program, kernel);
        GemmShape shape = GemmShape.at(gemm, sizes);
        yield candidates(
            tiles.ranked(shape, copies),
            tile ->
                CudaGemmPrinter.print(
                    program, kernel, target, tiles.with((GemmTile) tile, shape.m())));
      }
      case Template.Conv conv ->
          candidates(
              CudaConvPrinter.ranked(program, kernel, target, copies),
              tile -> CudaConvPrinter.print(program, kernel, target, tile));
      case Template.Attention attention ->
          candidates(
              copies ? CudaAttentionPrinter.ranked(program, kernel, target) : Map.of(),
              tile -> CudaAttentionPrinter.print(program, kernel, target, tile));
    };
  }

  private static List<Candidate> candidates(
      Map<Tile, Double> ranked, Function<Tile, CudaKernelText> printer) {
    return ranked.entrySet().stream()
        .map(
            tile ->
                new Candidate(
                    tile.getKey().type(), tile.getValue(), () -> printer.apply(tile.getKey())))
        .toList();
  }
}
