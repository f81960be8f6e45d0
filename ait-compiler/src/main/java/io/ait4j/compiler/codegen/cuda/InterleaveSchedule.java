package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A stage that reads a few planes and writes their elements in turns, as the colours of an image's
 * pixels: each thread takes a strip of every plane, whose elements it writes side by side.
 */
final class InterleaveSchedule {
  private static final int THREADS = 256;

  private static final int[] WIDTHS = {8, 4, 2};

  /** More planes are no few. */
  private static final long MOST = 8;

  private final KernelWriter kernel;
  private final FlatStage stage;
  private final List<Dim.Symbol> axes;
  private final Dim.Symbol plane;
  private final IndexWidth index;

  private InterleaveSchedule(KernelWriter kernel, FlatStage stage) {
    this.kernel = kernel;
    this.stage = stage;
    axes = new ArrayList<>(stage.axes());
    plane = axes.removeLast();
    index = IndexWidth.of(List.of(), List.of(stage));
  }

  /** Whether the stage is of this kind; if so it has been printed. */
  static boolean print(KernelWriter kernel, FlatStage stage) {
    if (stage.axes().size() < 2) {
      return false;
    }
    Dim.Symbol plane = stage.axes().getLast();
    Dim.Symbol along = stage.axes().get(stage.axes().size() - 2);
    if (!plane.extent().isConst()
        || plane.extent().value() > MOST
        || FlatStage.step(stage.address(), plane) != 1
        || FlatStage.step(stage.address(), along) != plane.extent().value()) {
      return false;
    }
    InterleaveSchedule schedule = new InterleaveSchedule(kernel, stage);
    for (int width : WIDTHS) {
      Strip strip = schedule.strip(width);
      if (strip != null) {
        schedule.print(strip);
        return true;
      }
    }
    return false;
  }

  /** A strip of each plane; null if there is none of this width. */
  private Strip strip(int width) {
    Set<Dim> open = new LinkedHashSet<>();
    if (width * stage.body().dtype().bytes() > 16
        || !Multiples.is(at(stage.address(), 0), axes.getLast(), width, open)) {
      return null;
    }
    Strip strip = Strip.of(axes, width, stage.body(), null);
    if (strip == null || strip.vectors().isEmpty()) {
      return null;
    }
    open.addAll(strip.multiples());
    Set<String> buffers = new LinkedHashSet<>(strip.buffers());
    buffers.add(stage.target());
    return new Strip(strip.axis(), width, strip.vectors(), open, buffers);
  }

  private Dim at(Dim address, long number) {
    return address.substitute(s -> s.equals(plane) ? Dim.of(number) : null);
  }

  private void print(Strip strip) {
    kernel.open(Sizes.points(stage.axes()));
    String condition = kernel.holds(strip);
    print(strip, condition);
    if (!condition.isEmpty()) {
      PointSchedule.print(kernel, stage, index, Strip.single(), "");
    }
    kernel.close();
  }

  /** Of what one plane reads; nothing else than for all of them is known to be aligned. */
  private Strip ofPlane(Strip all, Expr body, long number) {
    Strip strip = Strip.of(axes, all.width(), body, null);
    Set<Expr.Load> others = new LinkedHashSet<>(strip.vectors().keySet());
    for (Expr.Load load : all.vectors().keySet()) {
      others.remove(at(load, number));
    }
    return strip.without(others);
  }

  private Expr at(Expr value, long number) {
    return value.substitute(s -> s.equals(plane) ? Dim.of(number) : null);
  }

  private void print(Strip all, String condition) {
    int width = all.width();
    DeviceFunction f = kernel.open(index, THREADS);
    List<Dim.Symbol> outer = new ArrayList<>(axes);
    Dim count = outer.removeLast().extent().floorDiv(width).times(Sizes.points(outer));
    f.line(
        "const %s at = %s(blockIdx.x) * %du + threadIdx.x;", index.count(), index.count(), THREADS);
    f.open("if (at < %s)", f.count(count));
    f.places(axes, "at", width);
    long planes = plane.extent().value();
    DType dtype = stage.body().dtype();
    f.line("ait::Vector<%s, %d> out[%d];", Cpp.memory(dtype), width, planes);
    for (long number = 0; number < planes; number++) {
      Expr body = at(stage.body(), number);
      Strip strip = ofPlane(all, body, number);
      f.open("");
      Map<Expr.Load, String> loads = strip.load(f, body);
      String place = f.exprs().name(strip.axis());
      String lane = strip.open(f, body, loads);
      f.line(
          "out[(%s * %d + %d) / %d].at[(%s * %d + %d) %% %d]%s = %s;",
          lane,
          planes,
          number,
          width,
          lane,
          planes,
          number,
          width,
          Halves.isHalf(dtype) ? ".bits" : "",
          f.exprs().print(body));
      strip.close(f, place);
      f.close();
    }
    f.line("#pragma unroll");
    f.line(
        "for (int i = 0; i < %d; ++i) out[i].store(%s + %s + i * %d);",
        planes, f.exprs().pointer(stage.target()), f.exprs().index(at(stage.address(), 0)), width);
    f.close();
    kernel.close(
        index,
        condition,
        "(%s + %d) / %d".formatted(kernel.number(count), THREADS - 1, THREADS),
        THREADS,
        "");
  }
}
