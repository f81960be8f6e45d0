package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/** A stage without reductions: each thread computes a strip of points. */
final class PointSchedule {
  private static final int THREADS = 256;

  private PointSchedule() {}

  static void print(KernelWriter kernel, FlatStage stage) {
    IndexWidth index = IndexWidth.of(List.of(), List.of(stage));
    Strip strip = Strip.of(stage.axes(), stage.body(), Stores.target(stage), true);
    kernel.open(Sizes.points(stage.axes()));
    if (strip.width() > 1) {
      String condition = kernel.holds(strip);
      print(kernel, stage, index, strip, condition);
      if (!condition.isEmpty()) {
        print(kernel, stage, index, Strip.single(), "");
      }
    } else {
      print(kernel, stage, index, strip, "");
    }
    kernel.close();
  }

  /** One way to compute the stage, taken where {@code condition} holds. */
  static void print(
      KernelWriter kernel, FlatStage stage, IndexWidth index, Strip strip, String condition) {
    DeviceFunction f = kernel.open(index, THREADS);
    List<Dim.Symbol> axes = stage.axes();
    int width = strip.width();
    Dim strips = strips(axes, width);
    f.open(
        "for (%s at = %s(blockIdx.x) * %du + threadIdx.x; at < %s; at += %s(gridDim.x) * %du)",
        index.count(), index.count(), THREADS, f.count(strips), index.count(), THREADS);
    f.places(axes, "at", width);
    boolean whole = width == 1 || axes.size() > 1 || Multiples.isSurely(axes.getLast(), width);
    if (whole) {
      Stores.strip(f, stage, strip);
    } else {
      Dim.Symbol axis = axes.getLast();
      String place = f.exprs().name(axis);
      String extent = f.exprs().index(axis.extent());
      f.open("if (%s + %d <= %s)", place, width, extent);
      Stores.strip(f, stage, strip);
      f.close();
      f.open("else for (%s i = %s; i < %s; ++i)", index.type(), place, extent);
      f.exprs().bind(axis, "i");
      Stores.point(f, stage);
      f.close();
    }
    f.close();
    kernel.close(
        index,
        condition,
        "(" + kernel.number(strips) + " + " + (THREADS - 1) + ") / " + THREADS,
        THREADS,
        "");
  }

  private static Dim strips(List<Dim.Symbol> axes, int width) {
    if (width == 1) {
      return Sizes.points(axes);
    }
    List<Dim.Symbol> outer = new ArrayList<>(axes);
    Dim last = outer.removeLast().extent();
    return Sizes.points(outer).times(last.ceilDiv(Dim.of(width)));
  }
}
