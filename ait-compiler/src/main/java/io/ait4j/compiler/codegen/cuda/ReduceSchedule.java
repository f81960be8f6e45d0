package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage with reductions, for each of whose points a group of threads adds up what it reduces: one
 * thread for short reductions and those across memory, up to a block for long ones.
 */
final class ReduceSchedule {
  private static final int THREADS = 256;

  /** Threads that keep a GPU busy. */
  private static final long BUSY = 1 << 17;

  private ReduceSchedule() {}

  static void print(KernelWriter kernel, FlatStage stage) {
    IndexWidth index = IndexWidth.of(List.of(), List.of(stage));
    List<Accumulation> sums = stage.reductions().stream().map(Accumulation::of).toList();
    if (AcrossSchedule.fits(stage, sums)) {
      AcrossSchedule.print(kernel, stage, sums);
      return;
    }
    List<Strip> strips = sums.stream().map(Accumulation::strip).toList();
    int lanes = lanes(stage, sums, strips);
    kernel.open(Sizes.points(stage.axes()));
    kernel.header("group.cuh");
    String condition = kernel.holds(strips.toArray(Strip[]::new));
    print(kernel, stage, index, sums, strips, lanes, condition);
    if (!condition.isEmpty()) {
      List<Strip> single = strips.stream().map(s -> Strip.single()).toList();
      print(kernel, stage, index, sums, single, lanes, "");
    }
    kernel.close();
  }

  /** How many threads share a point's reductions. */
  private static int lanes(FlatStage stage, List<Accumulation> sums, List<Strip> strips) {
    long points = LikelySizes.of(Sizes.points(stage.axes()));
    long most = 0;
    boolean along = stage.axes().isEmpty();
    long strip = 1;
    for (int i = 0; i < sums.size(); i++) {
      most = Math.max(most, LikelySizes.of(Sizes.points(sums.get(i).axes())));
      along |= sums.get(i).isAlongMemory();
      strip = Math.max(strip, strips.get(i).width());
    }
    int lanes = 1;
    long each = along ? Math.max(8, 2 * strip) : 32;
    while (lanes < 1024 && most >= 2 * lanes * each) {
      boolean coalesces = along && lanes < 32;
      if (!coalesces && points * lanes >= BUSY) {
        break;
      }
      lanes *= 2;
    }
    return lanes;
  }

  private static void print(
      KernelWriter kernel,
      FlatStage stage,
      IndexWidth index,
      List<Accumulation> sums,
      List<Strip> strips,
      int lanes,
      String condition) {
    int threads = lanes > 32 ? lanes : THREADS; // a group of several warps is all of its block
    DeviceFunction f = kernel.open(index, threads);
    Dim points = Sizes.points(stage.axes());
    String count = index.count();
    int each = threads / lanes; // points of a block
    f.line("const %s point = %s(blockIdx.x) * %du + threadIdx.x / %d;", count, count, each, lanes);
    f.line("const int lane = threadIdx.x %% %d;", lanes);
    f.line("const bool inside = point < %s;", f.count(points));
    f.places(stage.axes(), "(inside ? point : 0)", 1);
    List<String> totals = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      f.exprs().push();
      totals.add(sums.get(i).total(f, strips.get(i), "lane", lanes));
      f.exprs().pop();
    }
    f.open("if (inside && lane == 0)");
    List<Expr.Reduce> reductions = stage.reductions();
    for (int i = 0; i < totals.size(); i++) {
      f.exprs().define(reductions.get(i), totals.get(i));
    }
    Stores.point(f, stage);
    f.close();
    kernel.close(
        index,
        condition,
        "((%s) + %d) / %d".formatted(kernel.number(points), each - 1, each),
        threads,
        "");
  }
}
