package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A stage that reads along one axis of memory and writes along another: a block takes a tile of
 * both through shared memory, so that either side is touched in whole lines.
 */
final class TileSchedule {
  private static final int THREADS = 256;

  /** Shorter axes fill no tile. */
  private static final long SHORTEST = 16;

  private final KernelWriter kernel;
  private final FlatStage stage;
  private final Dim.Symbol read;
  private final Set<Expr.Load> loads;
  private final IndexWidth index;
  private final int side;

  private TileSchedule(
      KernelWriter kernel, FlatStage stage, Dim.Symbol read, Set<Expr.Load> loads) {
    this.kernel = kernel;
    List<Dim.Symbol> axes = new ArrayList<>(stage.axes());
    Dim.Symbol written = axes.removeLast();
    axes.remove(read);
    axes.add(read);
    axes.add(written); // one step at a time on the others, tiles of these two
    this.stage = new FlatStage(List.copyOf(axes), stage.target(), stage.address(), stage.body());
    this.read = read;
    this.loads = loads;
    index = IndexWidth.of(List.of(), List.of(stage));
    side = bytes() >= 4 ? 32 : 64;
  }

  /** The largest elements on either side. */
  private int bytes() {
    int bytes = stage.body().dtype().bytes();
    for (Expr.Load load : loads) {
      bytes = Math.max(bytes, load.dtype().bytes());
    }
    return bytes;
  }

  /** Whether the stage is of this kind; if so it has been printed. */
  static boolean print(KernelWriter kernel, FlatStage stage) {
    if (stage.axes().size() < 2
        || FlatStage.step(stage.address(), stage.axes().getLast()) != 1
        || LikelySizes.of(stage.axes().getLast().extent()) < SHORTEST) {
      return false;
    }
    Optional<Dim.Symbol> read = readAxis(stage);
    if (read.isEmpty()) {
      return false;
    }
    Set<Expr.Load> loads = new LinkedHashSet<>();
    for (Expr.Load load : Guards.unguarded(stage.body())) {
      if (crosses(stage, load, read.get())) {
        loads.add(load);
      }
    }
    TileSchedule tiles = new TileSchedule(kernel, stage, read.get(), loads);
    if (loads.size() * tiles.side * (tiles.side + 2L) * tiles.bytes() > 40 << 10) {
      return false;
    }
    tiles.print();
    return true;
  }

  /** The axis along which most is read that does not lie along the result's memory. */
  private static Optional<Dim.Symbol> readAxis(FlatStage stage) {
    return Guards.unguarded(stage.body()).stream()
        .flatMap(load -> stage.axes().stream().filter(axis -> crosses(stage, load, axis)))
        .findFirst();
  }

  private static boolean crosses(FlatStage stage, Expr.Load load, Dim.Symbol axis) {
    Dim address = load.index().getFirst();
    Dim.Symbol written = stage.axes().getLast();
    return !axis.equals(written)
        && load.bindings().isEmpty()
        && LikelySizes.of(axis.extent()) >= SHORTEST
        && FlatStage.step(address, axis) == 1
        && FlatStage.step(address, written) > 1;
  }

  private void print() {
    int width = Math.max(1, 4 / bytes());
    List<Strip> strips = new ArrayList<>();
    if (width > 1) {
      for (Expr.Load load : loads) {
        Strip strip = Strip.of(readLast(), width, load, null);
        strips.add(strip == null || strip.vectors().isEmpty() ? null : strip);
      }
      strips.add(Strip.of(stage.axes(), width, stage.body(), Stores.target(stage)));
    }
    boolean wide = width > 1 && !strips.contains(null);
    String condition = wide ? kernel.holds(strips.toArray(Strip[]::new)) : "";
    kernel.header("vector.cuh");
    kernel.open(Sizes.points(stage.axes()));
    if (wide) {
      print(width, strips.getLast(), condition);
    }
    if (!wide || !condition.isEmpty()) {
      print(1, Strip.single(), "");
    }
    kernel.close();
  }

  private List<Dim.Symbol> readLast() {
    List<Dim.Symbol> axes = new ArrayList<>(stage.axes());
    axes.remove(read);
    axes.add(read);
    return axes;
  }

  private void print(int width, Strip strip, String condition) {
    Dim.Symbol written = stage.axes().getLast();
    List<Dim.Symbol> outer = stage.axes().subList(0, stage.axes().size() - 2);
    DeviceFunction f = kernel.open(index, THREADS);
    Map<Expr.Load, String> tiles = new LinkedHashMap<>();
    for (Expr.Load load : loads) {
      String name = f.exprs().fresh("tile");
      f.line(
          "__shared__ __align__(16) %s %s[%d][%d];",
          Cpp.memory(load.dtype()), name, side, side + Math.max(1, 4 / load.dtype().bytes()));
      tiles.put(load, name);
    }
    Dim across = tiles(read);
    Dim along = tiles(written);
    String count = index.count();
    f.line("%s rest = blockIdx.x;", count);
    f.line(
        "const %s first = %s(rest %% %s) * %d;", index.type(), index.type(), f.count(along), side);
    f.line("rest /= %s;", f.count(along));
    f.line(
        "const %s start = %s(rest %% %s) * %d;", index.type(), index.type(), f.count(across), side);
    f.line("rest /= %s;", f.count(across));
    if (!outer.isEmpty()) {
      f.places(outer, "rest", 1);
    }
    String r = f.exprs().name(read);
    String w = f.exprs().name(written);
    int turns = side * side / width / THREADS;
    loop(f, turns, width);
    f.line("const %s %s = start + quick * %d, %s = first + slow;", index.type(), r, width, w);
    f.open("if (%s < %s && %s < %s)", r, extent(f, read), w, extent(f, written));
    tiles.forEach(
        (load, tile) -> {
          String from =
              f.exprs().pointer(load.buffer()) + " + " + f.exprs().index(load.index().getFirst());
          String value = f.exprs().fresh("v");
          f.line("ait::Vector<%s, %d> %s;", Cpp.memory(load.dtype()), width, value);
          f.line("%s.load(%s);", value, from);
          f.line("%s.store(&%s[slow][quick * %d]);", value, tile, width);
        });
    f.close();
    f.close();
    f.line("__syncthreads();");
    loop(f, turns, width);
    f.line("const %s %s = start + slow, %s = first + quick * %d;", index.type(), r, w, width);
    f.open("if (%s < %s && %s < %s)", r, extent(f, read), w, extent(f, written));
    Map<Expr, String> known = new LinkedHashMap<>();
    tiles.forEach((load, tile) -> known.put(load, tile + "[quick * " + width + " + %s][slow]"));
    Stores.strip(f, stage, strip, known);
    f.close();
    f.close();
    kernel.close(
        index,
        condition,
        kernel.number(Sizes.points(outer).times(across).times(along)),
        THREADS,
        "");
  }

  private void loop(DeviceFunction f, int turns, int width) {
    f.line("#pragma unroll");
    f.open("for (int turn = 0; turn < %d; ++turn)", turns);
    f.line("const int quick = (turn * %d + threadIdx.x) %% %d;", THREADS, side / width);
    f.line("const int slow = (turn * %d + threadIdx.x) / %d;", THREADS, side / width);
  }

  private Dim tiles(Dim.Symbol axis) {
    return axis.extent().ceilDiv(Dim.of(side));
  }

  private static String extent(DeviceFunction f, Dim.Symbol axis) {
    return f.exprs().index(axis.extent());
  }
}
