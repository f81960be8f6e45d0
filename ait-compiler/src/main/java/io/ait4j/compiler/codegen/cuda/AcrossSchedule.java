package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stage with reductions whose neighbouring results read what lies side by side: each thread adds
 * up a strip of results, and several threads of a block share long reductions in slices.
 */
final class AcrossSchedule {
  private static final int[] WIDTHS = {8, 4, 2};

  /** Threads that keep a GPU busy. */
  private static final long BUSY = 1 << 18;

  /** What a slice has to add at least. */
  private static final long LEAST = 8;

  /** Bytes of memory in which the slices of a block meet. */
  private static final int SHARED = 48 << 10;

  private final KernelWriter kernel;
  private final FlatStage stage;
  private final List<Accumulation> sums;
  private final IndexWidth index;

  private AcrossSchedule(KernelWriter kernel, FlatStage stage, List<Accumulation> sums) {
    this.kernel = kernel;
    this.stage = stage;
    this.sums = sums;
    index = IndexWidth.of(List.of(), List.of(stage));
  }

  /**
   * Whether neighbouring results read side by side, more than neighbours in their reductions do.
   */
  static boolean fits(FlatStage stage, List<Accumulation> sums) {
    if (stage.axes().isEmpty()) {
      return false;
    }
    Dim.Symbol last = stage.axes().getLast();
    int along = 0;
    int across = 0;
    for (Accumulation sum : sums) {
      for (Expr.Load load : sum.body().loads()) {
        Dim address = load.index().getFirst();
        boolean varies = sum.axes().stream().anyMatch(a -> address.symbols().contains(a));
        across += varies && FlatStage.step(address, last) == 1 ? 1 : 0;
        along +=
            varies && !sum.axes().isEmpty() && FlatStage.step(address, sum.axes().getLast()) == 1
                ? 1
                : 0;
      }
    }
    return across > along;
  }

  static void print(KernelWriter kernel, FlatStage stage, List<Accumulation> sums) {
    AcrossSchedule schedule = new AcrossSchedule(kernel, stage, sums);
    kernel.header("slices.cuh");
    List<Strip> strips = schedule.strips();
    kernel.open(Sizes.points(stage.axes()));
    String condition = kernel.holds(strips.toArray(Strip[]::new));
    schedule.print(strips, condition);
    if (!condition.isEmpty()) {
      schedule.print(schedule.single(), "");
    }
    kernel.close();
  }

  private List<Strip> single() {
    List<Strip> strips = new ArrayList<>();
    sums.forEach(s -> strips.add(Strip.single()));
    strips.add(Strip.single());
    return strips;
  }

  /**
   * Of the widest width that keeps threads busy: each reduction's, and last that of the results.
   */
  private List<Strip> strips() {
    long points = LikelySizes.of(Sizes.points(stage.axes()));
    for (int width : WIDTHS) {
      List<Strip> strips = new ArrayList<>();
      for (Accumulation sum : sums) {
        strips.add(Strip.of(stage.axes(), width, sum.body(), null));
      }
      strips.add(Strip.of(stage.axes(), width, stage.body(), Stores.target(stage)));
      boolean vectors =
          !strips.contains(null) && strips.stream().anyMatch(s -> !s.vectors().isEmpty());
      int slices = slices(points / width);
      boolean isBusy = width == 2 || points / width * slices >= BUSY / 8;
      if (vectors && isBusy && shared(width, slices) <= SHARED) {
        return strips;
      }
    }
    return single();
  }

  private int slices(long strips) {
    long longest = 1;
    for (Accumulation sum : sums) {
      longest = Math.max(longest, LikelySizes.of(Sizes.points(sum.axes())));
    }
    int slices = 1;
    while (slices < 32 && strips * slices < BUSY && longest >= 2 * slices * LEAST) {
      slices *= 2;
    }
    return slices;
  }

  private static int columns(int slices) {
    return Math.clamp(256 / slices, 32, 256);
  }

  /** Bytes of {@code combine_slices}: sums of another kind have their own. */
  private long shared(int width, int slices) {
    Map<String, Integer> bytes = new LinkedHashMap<>();
    for (Accumulation sum : sums) {
      DType dtype = sum.reduce().dtype();
      bytes.put(sum.operator() + " " + dtype, dtype.bytes());
    }
    long each = (long) slices / 2 * columns(slices) * width;
    return each * bytes.values().stream().mapToInt(i -> i).sum();
  }

  private void print(List<Strip> strips, String condition) {
    Strip result = strips.getLast();
    int width = result.width();
    List<Dim.Symbol> axes = stage.axes();
    List<Dim.Symbol> outer = new ArrayList<>(axes);
    Dim last = outer.removeLast().extent();
    Dim count = Sizes.points(outer).times(width == 1 ? last : last.floorDiv(width));
    int slices = slices(LikelySizes.of(count));
    int columns = columns(slices);
    int threads = columns * slices;
    DeviceFunction f = kernel.open(index, threads);
    f.line(
        "const %s strip = %s(blockIdx.x) * %du + threadIdx.x %% %d;",
        index.count(), index.count(), columns, columns);
    f.line("const int slice = threadIdx.x / %d;", columns);
    f.line("const bool inside = strip < %s;", f.count(count));
    f.places(axes, "(inside ? strip : 0)", width);
    Map<Expr.Reduce, String> totals = new LinkedHashMap<>();
    for (int i = 0; i < sums.size(); i++) {
      f.exprs().push();
      totals.put(stage.reductions().get(i), sum(f, sums.get(i), strips.get(i), columns, slices));
      f.exprs().pop();
    }
    f.open("if (inside && slice == 0)");
    Stores.strip(f, stage, result, totals);
    f.close();
    kernel.close(
        index,
        condition,
        "(%s + %d) / %d".formatted(kernel.number(count), columns - 1, columns),
        threads,
        "");
  }

  /** Prints the sums of a strip, and returns how to spell one. */
  private String sum(DeviceFunction f, Accumulation sum, Strip strip, int columns, int slices) {
    Expr.Reduce reduce = sum.reduce();
    String acc = f.exprs().fresh("acc");
    int width = strip.width();
    f.line("%s %s[%d];", Cpp.value(reduce.dtype()), acc, width);
    f.line("#pragma unroll");
    f.line(
        "for (int j = 0; j < %d; ++j) %s[j] = %s;",
        width, acc, Cpp.neutral(reduce.op(), reduce.dtype()));
    int loops = f.walk(sum.axes(), "slice", slices, 1);
    Map<Expr.Load, String> loads = strip.load(f, sum.body());
    String place = f.exprs().name(stage.axes().getLast());
    String element = acc + "[0]";
    if (width > 1) {
      element = acc + "[" + strip.open(f, sum.body(), loads) + "]";
    }
    f.line(
        "%s = %s;",
        element, Cpp.combine(reduce.op(), reduce.dtype(), element, f.exprs().print(sum.body())));
    if (width > 1) {
      strip.close(f, place);
    }
    for (int i = 0; i < loops; i++) {
      f.close();
    }
    if (slices > 1) {
      f.line("ait::combine_slices<ait::%s, %d, %d>(%s);", sum.operator(), columns, slices, acc);
    }
    return acc + "[%s]";
  }
}
