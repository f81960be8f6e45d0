package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prints the stages of one row for the threads that share it, each with its elements in registers.
 */
final class RowBody {
  /** What memory holds at the places of a row: a buffer, and the address by place. */
  private record Cell(String buffer, Dim address) {}

  /** Registers of a block for what is read ahead of the first stage, and of a thread at most. */
  private static final int AHEAD = 24 << 10;

  private static final int AHEAD_OF_THREAD = 64;

  /** Partial results of a thread. */
  private static final long PARTS = 4;

  private final DeviceFunction f;
  private final RowPlan plan;
  private final int width;
  private final int lanes;
  private final long turns;
  private final Map<Cell, String> ahead = new LinkedHashMap<>();
  private final Map<String, String> rows = new HashMap<>();
  private final Map<String, String> scalars = new HashMap<>();
  private String turnName; // of the loop that is open

  RowBody(DeviceFunction f, RowPlan plan, int width, int lanes) {
    this.f = f;
    this.plan = plan;
    this.width = width;
    this.lanes = lanes;
    turns = (plan.length() + (long) lanes * width - 1) / ((long) lanes * width);
  }

  /** Prints all stages; {@code wait} what must come before memory that other kernels write. */
  void print(Runnable wait) {
    readAhead(wait);
    for (FlatStage stage : plan.stages()) {
      f.exprs().push();
      defineScalars(stage.body());
      List<RowLoop> walks = plan.loops().get(stage);
      if (stage.axes().isEmpty()) {
        for (int i = 0; i < walks.size(); i++) {
          f.exprs().define(stage.reductions().get(i), reduced(walks.get(i)));
        }
        single(stage);
      } else {
        points(walks.getFirst());
      }
      f.exprs().pop();
    }
  }

  /** Begins a loop over the strips of a thread; {@link #close} ends it. */
  private void open(RowLoop walk) {
    String turn = f.exprs().fresh("k");
    f.line("#pragma unroll");
    f.open("for (int %s = 0; %s < %d; ++%s)", turn, turn, turns, turn);
    String at = f.exprs().fresh("at");
    f.line("const unsigned %s = %s * %du + lane;", at, turn, lanes);
    boolean partial = plan.length() % ((long) lanes * width) != 0;
    f.open(partial ? "if (%s < %du)" : "", at, plan.length() / width);
    f.places(walk.axes(), at, width);
    turnName = turn;
  }

  private void close() {
    f.close();
    f.close();
  }

  /** Reads what several stages need, or what the last ones will, before the first begins. */
  private void readAhead(Runnable wait) {
    Map<Cell, Integer> uses = new LinkedHashMap<>();
    Map<Cell, RowLoop> walks = new HashMap<>();
    Map<Cell, Expr.Load> loads = new HashMap<>();
    for (FlatStage stage : plan.stages()) {
      for (RowLoop walk : plan.loops().get(stage)) {
        for (Expr.Load load : candidates(walk)) {
          Cell cell = new Cell(load.buffer(), plan.address(walk, load));
          uses.merge(cell, 1, Integer::sum);
          walks.putIfAbsent(cell, walk);
          loads.putIfAbsent(cell, load);
        }
      }
    }
    long registers = Math.min(AHEAD_OF_THREAD, AHEAD / lanes);
    for (int least = 2; least >= 1; least--) {
      for (Map.Entry<Cell, Integer> use : uses.entrySet()) {
        Expr.Load load = loads.get(use.getKey());
        long needed = Math.max(1, turns * width * load.dtype().bytes() / 4);
        if (use.getValue() >= least && !ahead.containsKey(use.getKey()) && needed <= registers) {
          registers -= needed;
          ahead.put(use.getKey(), "");
        }
      }
    }
    for (boolean constant : new boolean[] {true, false}) {
      if (!constant) {
        wait.run();
      }
      ahead.replaceAll(
          (cell, name) ->
              plan.program().buffer(cell.buffer()).isConstant() == constant
                  ? read(walks.get(cell), loads.get(cell))
                  : name);
    }
  }

  /** Loads of a walk that may be made whatever else happens. */
  private Set<Expr.Load> candidates(RowLoop walk) {
    Set<Expr.Load> found = new LinkedHashSet<>();
    Guards.unguarded(walk.body())
        .forEach(
            load -> {
              Dim address = load.index().getFirst();
              boolean varies = walk.axes().stream().anyMatch(a -> address.symbols().contains(a));
              if (varies && load.bindings().isEmpty() && !plan.isWritten(load.buffer())) {
                found.add(load);
              }
            });
    if (width > 1) {
      found.retainAll(plan.strip(walk, width).vectors().keySet());
    }
    return found;
  }

  private String read(RowLoop walk, Expr.Load load) {
    String name = f.exprs().fresh("ahead");
    f.line("ait::Vector<%s, %d> %s[%d];", Cpp.memory(load.dtype()), width, name, turns);
    open(walk);
    f.line(
        "%s[%s].load(%s + %s);",
        name, turnName, f.exprs().pointer(load.buffer()), f.exprs().index(load.index().getFirst()));
    close();
    return name;
  }

  /** Names what is the same all along the row. */
  private void defineScalars(Expr body) {
    for (Expr.Load load : body.loads()) {
      String name = scalars.get(load.buffer());
      if (name != null) {
        f.exprs().define(load, name);
      }
    }
  }

  /** Names what the thread has of a row at {@code lane} of this turn's strip. */
  private void defineRow(RowLoop walk, String lane) {
    for (Expr.Load load : walk.body().loads()) {
      String row = rows.get(load.buffer());
      String early =
          load.bindings().isEmpty()
              ? ahead.get(new Cell(load.buffer(), plan.address(walk, load)))
              : null;
      if (row != null) {
        f.exprs().define(load, row + "[" + turnName + " * " + width + " + " + lane + "]");
      } else if (early != null) {
        String element = early + "[" + turnName + "].at[" + lane + "]";
        f.exprs().define(load, Strip.value(element, load.dtype()));
      }
    }
  }

  private Strip strip(RowLoop walk) {
    Set<Expr.Load> atHand = new HashSet<>();
    for (Expr.Load load : walk.body().loads()) {
      if (load.bindings().isEmpty()
          && ahead.containsKey(new Cell(load.buffer(), plan.address(walk, load)))) {
        atHand.add(load);
      }
    }
    return plan.strip(walk, width).without(atHand);
  }

  /** Begins what happens at each point of a walk; returns the name of the place in the strip. */
  private String openPoints(RowLoop walk) {
    Strip strip = strip(walk);
    defineScalars(walk.body());
    if (width == 1) {
      defineRow(walk, "0");
      return "0";
    }
    Map<Expr.Load, String> loads = strip.load(f, walk.body());
    String lane = strip.open(f, walk.body(), loads);
    defineRow(walk, lane);
    return lane;
  }

  private void closePoints(RowLoop walk, String place) {
    if (width > 1) {
      f.close();
      f.exprs().bind(walk.axes().getLast(), place);
    }
  }

  /** Several sums side by side, so that none waits for itself. */
  private String reduced(RowLoop walk) {
    Expr.Reduce reduce = walk.reduction().reduce();
    String acc = f.exprs().fresh("acc");
    long parts = Math.min(PARTS, Long.highestOneBit(turns * width));
    String type = Cpp.value(reduce.dtype());
    f.line("%s %s[%d];", type, acc, parts);
    f.line("#pragma unroll");
    f.line(
        "for (int i = 0; i < %d; ++i) %s[i] = %s;",
        parts, acc, Cpp.neutral(reduce.op(), reduce.dtype()));
    open(walk);
    String place = f.exprs().name(walk.axes().getLast());
    String lane = openPoints(walk);
    String part = "%s[(%s * %d + %s) %% %d]".formatted(acc, turnName, width, lane, parts);
    f.line(
        "%s = %s;",
        part, Cpp.combine(reduce.op(), reduce.dtype(), part, f.exprs().print(walk.body())));
    closePoints(walk, place);
    close();
    for (long half = parts / 2; half > 0; half /= 2) {
      f.line("#pragma unroll");
      f.line(
          "for (int i = 0; i < %d; ++i) %s[i] = %s;",
          half,
          acc,
          Cpp.combine(reduce.op(), reduce.dtype(), acc + "[i]", acc + "[i + " + half + "]"));
    }
    return walk.reduction().combined(f, acc + "[0]", lanes);
  }

  /** A stage of one point: every thread has its value. */
  private void single(FlatStage stage) {
    String value = f.exprs().print(stage.body());
    DType dtype = stage.body().dtype();
    if (plan.scalars().contains(stage.target())) {
      String name = f.exprs().fresh("row");
      f.line("const %s %s = %s;", Cpp.value(dtype), name, value);
      scalars.put(stage.target(), name);
      return;
    }
    f.line(
        "if (lane == 0) %s = %s;",
        f.exprs().element(stage.target(), stage.address(), dtype), value);
  }

  /** A stage of as many points as the row has. */
  private void points(RowLoop walk) {
    FlatStage stage = walk.stage();
    DType dtype = stage.body().dtype();
    boolean inMemory = !plan.isPrivate(stage.target());
    String kept = f.exprs().fresh("row");
    f.line("%s %s[%d];", Cpp.value(dtype), kept, turns * width);
    open(walk);
    String place = f.exprs().name(walk.axes().getLast());
    String out = f.exprs().fresh("out");
    if (inMemory && width > 1) {
      f.line("ait::Vector<%s, %d> %s;", Cpp.memory(dtype), width, out);
    }
    String lane = openPoints(walk);
    String value = f.exprs().print(stage.body());
    f.line("%s[%s * %d + %s] = %s;", kept, turnName, width, lane, value);
    if (inMemory) {
      String element =
          width > 1
              ? out + ".at[" + lane + "]" + (Halves.isHalf(dtype) ? ".bits" : "")
              : f.exprs().element(stage.target(), stage.address(), dtype);
      f.line("%s = %s;", element, value);
    }
    closePoints(walk, place);
    if (inMemory && width > 1) {
      f.line(
          "%s.store(%s + %s);",
          out, f.exprs().pointer(stage.target()), f.exprs().index(stage.address()));
    }
    close();
    rows.put(stage.target(), kept);
  }
}
