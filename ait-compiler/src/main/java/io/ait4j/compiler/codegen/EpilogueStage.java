package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A template kernel's epilogue over (batch, row, column), as the hand-written kernels count. */
public final class EpilogueStage {
  private EpilogueStage() {}

  /** The epilogue of {@code kernel} with addresses, over its three axes. */
  public static FlatStage of(Program program, TemplateKernel kernel) {
    FlatStage stage = FlatStage.inOrder(program, kernel.epilogue());
    return switch (kernel.template()) {
      case Template.Gemm g -> stage;
      case Template.Conv c -> join(join(stage, 1), 1); // row = (od * OH + oh) * OW + ow
      case Template.Attention a -> join(stage, 0); // batch = b * H + h
    };
  }

  /** Makes one axis of axes i and i + 1: by one stride if memory allows, else by division. */
  private static FlatStage join(FlatStage stage, int i) {
    return stage
        .merge(i)
        .orElseGet(
            () -> {
              Dim.Symbol outer = stage.axes().get(i);
              Dim.Symbol inner = stage.axes().get(i + 1);
              Dim extent = outer.extent().times(inner.extent());
              long max = extent.max();
              Dim.Symbol both =
                  new Dim.Symbol(
                      inner.name() + "j",
                      0,
                      max == Dim.UNBOUNDED ? max : Math.max(0, max - 1),
                      extent);
              Function<Dim.Symbol, Dim> with =
                  s ->
                      s.equals(outer)
                          ? Dim.of(both).floorDiv(inner.extent())
                          : s.equals(inner) ? Dim.of(both).mod(inner.extent()) : null;
              List<Dim.Symbol> axes = new ArrayList<>(stage.axes());
              axes.remove(i);
              axes.set(i, both);
              Expr body = stage.body().substitute(with);
              return new FlatStage(
                  List.copyOf(axes), stage.target(), stage.address().substitute(with), body);
            });
  }
}
