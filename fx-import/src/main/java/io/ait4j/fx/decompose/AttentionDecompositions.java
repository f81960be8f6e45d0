package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Attention in all its spellings as {@code scaled_dot_product_attention}. */
final class AttentionDecompositions {
  private AttentionDecompositions() {}

  static void addTo(DecompositionTable table) {
    table.add("scaled_dot_product_attention", AttentionDecompositions::grouped);
    table.addMany("_scaled_dot_product_flash_attention_for_cpu", r -> fused(r, 5, 3, 4, 6));
    table.addMany("_scaled_dot_product_efficient_attention", r -> fused(r, 3, 5, 6, 7));
    table.addMany("_scaled_dot_product_flash_attention", r -> fused(r, -1, 3, 4, 6));
    table.addMany("_scaled_dot_product_attention_math", AttentionDecompositions::written);
    table.addMany("_native_multi_head_attention", AttentionDecompositions::multiHead);
  }

  /** Heads that share a key are given a copy of it. */
  private static Arg grouped(Rewrite r) {
    int rank = r.meta(0).rank();
    if (!r.flag(7) || rank < 3) {
      return r.keepOne();
    }
    List<Arg> args = new ArrayList<>(r.args());
    Dim heads = r.meta(0).shape().get(rank - 3);
    for (int i = 1; i <= 2; i++) {
      Dim shared = r.meta(i).shape().get(rank - 3);
      Dim times = heads.floorDiv(shared);
      if (!times.is(1)) {
        args.set(i, r.call("repeat_interleave.self_int", r.arg(i), Arg.of(times), of(rank - 3)));
      }
    }
    args.set(7, of(false));
    return r.node("scaled_dot_product_attention", args.toArray(Arg[]::new));
  }

  /** What a fused kernel returns besides its result serves its gradient, which nobody asks for. */
  private static List<Arg> fused(Rewrite r, int mask, int dropout, int causal, int scale) {
    List<Arg> results = new ArrayList<>(r.keep());
    results.set(
        0,
        r.call(
            "scaled_dot_product_attention",
            r.arg(0),
            r.arg(1),
            r.arg(2),
            mask < 0 ? Arg.NONE : r.arg(mask),
            r.arg(dropout),
            r.arg(causal),
            r.arg(scale)));
    return results;
  }

  /** Its second result, the weights, is dead in most models. */
  private static List<Arg> written(Rewrite r) {
    if (r.has(6)) {
      return r.keep();
    }
    List<Arg> results = new ArrayList<>(r.keep());
    List<Arg> plain = r.args().subList(0, 6);
    List<Arg> args = new ArrayList<>(plain);
    args.addAll(r.args().subList(7, 9));
    results.set(0, r.call("scaled_dot_product_attention", args.toArray(Arg[]::new)));
    return results;
  }

  /** The fused encoder attention of a plain self-attention; other forms stay whole. */
  private static List<Arg> multiHead(Rewrite r) {
    boolean self = r.arg(0).equals(r.arg(1)) && r.arg(1).equals(r.arg(2));
    if (!self || r.has(9) || r.flag(10) || r.meta(0).rank() != 3) {
      return r.keep();
    }
    TensorMeta input = r.meta(0);
    Dim batch = input.shape().get(0);
    Dim length = input.shape().get(1);
    Dim width = r.dim(3);
    Dim heads = r.dim(4);
    Arg projected = r.call("linear", r.arg(0), r.arg(5), r.arg(6));
    Arg split =
        r.reshape(projected, List.of(batch, length, Dim.of(3), heads, width.floorDiv(heads)));
    Arg byHead = r.permute(split, List.of(2, 0, 3, 1, 4));
    Arg attended =
        r.call(
            "scaled_dot_product_attention",
            part(r, byHead, 0),
            part(r, byHead, 1),
            part(r, byHead, 2));
    Arg merged = r.reshape(r.permute(attended, List.of(0, 2, 1, 3)), List.of(batch, length, width));
    return List.of(r.call("linear", merged, r.arg(7), r.arg(8)), Arg.NONE);
  }

  private static Arg part(Rewrite r, Arg x, int i) {
    return r.call("select.int", x, of(0), of(i));
  }
}
