package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Template;
import io.ait4j.fx.LikelySizes;

/** Sizes of a product, as they are or as they may well be. */
public record GemmShape(long batch, long m, long n, long k) {
  static GemmShape of(Template.Gemm gemm) {
    return new GemmShape(
        LikelySizes.of(gemm.batch()),
        LikelySizes.of(gemm.m()),
        LikelySizes.of(gemm.n()),
        LikelySizes.of(gemm.k()));
  }

  GemmShape withRows(long rows) {
    return new GemmShape(batch, rows, n, k);
  }

  /** How many tiles of such a size cover all results. */
  long tiles(int rows, int columns) {
    return Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns) * batch;
  }
}
