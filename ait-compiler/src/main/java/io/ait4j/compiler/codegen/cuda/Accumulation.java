package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A reduction as loops: its axes in the order of the memory that is read, neighbours merged where
 * memory is walked evenly.
 *
 * @param axes from the outermost to the innermost
 */
record Accumulation(Expr.Reduce reduce, List<Dim.Symbol> axes, Expr body) {

  static Accumulation of(Expr.Reduce reduce) {
    List<Expr.Load> loads = reduce.body().loads();
    List<Dim.Symbol> axes = new ArrayList<>(reduce.axes());
    axes.sort((a, b) -> Long.compare(step(loads, b), step(loads, a)));
    FlatStage flat = new FlatStage(axes, "", Dim.ZERO, reduce.body());
    for (int i = flat.axes().size() - 1; i > 0; i--) {
      if (i < flat.axes().size()) {
        flat = flat.merge(i - 1).orElse(flat);
      }
    }
    return new Accumulation(reduce, flat.axes(), flat.body());
  }

  /** The shortest step in memory along an axis. */
  private static long step(List<Expr.Load> loads, Dim.Symbol axis) {
    long best = Long.MAX_VALUE;
    for (Expr.Load load : loads) {
      long step = Math.abs(FlatStage.step(load.index().getFirst(), axis));
      best = step > 0 ? Math.min(best, step) : best;
    }
    return best;
  }

  /** Whether neighbours along the innermost axis lie side by side in memory. */
  boolean isAlongMemory() {
    return !axes.isEmpty()
        && body.loads().stream()
            .anyMatch(l -> FlatStage.step(l.index().getFirst(), axes.getLast()) == 1);
  }

  Strip strip() {
    return Strip.of(axes, body, null, false);
  }

  /**
   * Prints the sum of what a lane has of it, and returns its name.
   *
   * @param lanes how many share the reduction; each gets all if 1
   */
  String partial(DeviceFunction f, Strip strip, String lane, int lanes) {
    String type = Cpp.value(reduce.dtype());
    String acc = f.exprs().fresh("acc");
    f.line("%s %s = %s;", type, acc, Cpp.neutral(reduce.op(), reduce.dtype()));
    int loops = f.walk(axes, lane, lanes, strip.width());
    Map<Expr.Load, String> loads = strip.load(f, body);
    String place = strip.width() == 1 ? "" : f.exprs().name(strip.axis());
    if (strip.width() > 1) {
      strip.open(f, body, loads);
    }
    f.line("%s = %s;", acc, Cpp.combine(reduce.op(), reduce.dtype(), acc, f.exprs().print(body)));
    if (strip.width() > 1) {
      strip.close(f, place);
    }
    for (int i = 0; i < loops; i++) {
      f.close();
    }
    return acc;
  }

  /** Prints the whole reduction by a group of lanes, all of which know the result. */
  String total(DeviceFunction f, Strip strip, String lane, int lanes) {
    String part = partial(f, strip, lane, lanes);
    return lanes == 1 ? part : combined(f, part, lanes);
  }

  /** Prints what the partial results of a group of lanes come to; all of them know it. */
  String combined(DeviceFunction f, String part, int lanes) {
    String total = f.exprs().fresh("total");
    f.line(
        "const %s %s = ait::combine_group<ait::%s, %d>(%s);",
        Cpp.value(reduce.dtype()), total, operator(), lanes, part);
    return total;
  }

  /** The reduction's name in {@code combine.h}. */
  String operator() {
    String op = reduce.op().name();
    return op.charAt(0) + op.substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
