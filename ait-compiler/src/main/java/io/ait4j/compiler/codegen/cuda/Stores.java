package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import java.util.List;
import java.util.Map;

/** Prints what a stage stores, its reductions known. */
final class Stores {
  private Stores() {}

  /** The stage's store as an access. */
  static Expr.Load target(FlatStage stage) {
    return new Expr.Load(stage.target(), stage.body().dtype(), List.of(stage.address()));
  }

  /** At one point. */
  static void point(DeviceFunction f, FlatStage stage) {
    String value = f.exprs().print(stage.body());
    f.line(
        "%s = %s;",
        f.exprs().element(stage.target(), stage.address(), stage.body().dtype()), value);
  }

  /** At the points of a strip. */
  static void strip(DeviceFunction f, FlatStage stage, Strip strip) {
    strip(f, stage, strip, Map.of());
  }

  /**
   * At the points of a strip.
   *
   * @param known how to spell values that are at hand, {@code %s} where the place in the strip
   *     belongs
   */
  static void strip(
      DeviceFunction f, FlatStage stage, Strip strip, Map<? extends Expr, String> known) {
    if (strip.width() == 1) {
      define(f, stage.body(), known, "0");
      point(f, stage);
      return;
    }
    Map<Expr.Load, String> loads = strip.load(f, stage.body());
    String out = f.exprs().fresh("out");
    String place = f.exprs().name(strip.axis());
    f.line("ait::Vector<%s, %d> %s;", Cpp.memory(stage.body().dtype()), strip.width(), out);
    String lane = strip.open(f, stage.body(), loads);
    define(f, stage.body(), known, lane);
    String value = f.exprs().print(stage.body());
    f.line(
        "%s.at[%s]%s = %s;", out, lane, Halves.isHalf(stage.body().dtype()) ? ".bits" : "", value);
    strip.close(f, place);
    f.line(
        "%s.store(%s + %s);",
        out, f.exprs().pointer(stage.target()), f.exprs().index(stage.address()));
  }

  private static void define(
      DeviceFunction f, Expr body, Map<? extends Expr, String> known, String lane) {
    if (known.isEmpty()) {
      return;
    }
    body.forEach(
        e -> {
          String spelling = known.get(e);
          if (spelling != null) {
            String text = spelling.formatted(lane);
            f.exprs()
                .define(e, e instanceof Expr.Load load ? Strip.value(text, load.dtype()) : text);
          }
        });
  }
}
