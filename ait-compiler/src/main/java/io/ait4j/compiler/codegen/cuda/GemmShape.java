package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.LikelySizes;
import java.util.Map;

/** Sizes of a product, as they are or as they may well be. */
public record GemmShape(long batch, long m, long n, long k) {
  static GemmShape of(Template.Gemm gemm) {
    return new GemmShape(
        LikelySizes.of(gemm.batch()),
        LikelySizes.of(gemm.m()),
        LikelySizes.of(gemm.n()),
        LikelySizes.of(gemm.k()));
  }

  /**
   * @param sizes a value for each symbol of the program, by its name
   */
  static GemmShape at(Template.Gemm gemm, Map<String, Long> sizes) {
    return new GemmShape(
        gemm.batch().evaluate(sizes),
        gemm.m().evaluate(sizes),
        gemm.n().evaluate(sizes),
        gemm.k().evaluate(sizes));
  }

  GemmShape withRows(long rows) {
    return new GemmShape(batch, rows, n, k);
  }

  /** How many tiles of such a size cover all results. */
  long tiles(int rows, int columns) {
    return Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns) * batch;
  }
}
