package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stages that all walk the same row, so that its elements can stay with the threads that have them.
 *
 * @param length of the row
 * @param loops of each stage: its reductions, or its points if it has none
 * @param rows buffers written element by element, each at the place it is read; where, as a
 *     function of {@link #PLACE}
 * @param scalars buffers private to the row that have one element
 */
record RowPlan(
    Program program,
    long length,
    List<FlatStage> stages,
    Map<FlatStage, List<RowLoop>> loops,
    Map<String, Dim> rows,
    Set<String> scalars) {

  /** Stands for the place in the row. */
  private static Dim place(long length) {
    return Dim.of(new Dim.Symbol("place", 0, Math.max(0, length - 1), Dim.of(length)));
  }

  /** Null if the kernel is of another kind. */
  static RowPlan of(Program program, LoopKernel loop) {
    List<FlatStage> stages = loop.stages().stream().map(s -> FlatStage.of(program, s)).toList();
    Map<FlatStage, List<RowLoop>> loops = new IdentityHashMap<>();
    Map<String, Dim> rows = new HashMap<>();
    Set<String> scalars = new HashSet<>();
    Set<String> others = new HashSet<>();
    long length = -1;
    for (FlatStage stage : stages) {
      List<RowLoop> own = new ArrayList<>();
      if (stage.reductions().isEmpty() && !stage.axes().isEmpty()) {
        own.add(RowLoop.of(stage));
      } else if (stage.axes().isEmpty()) {
        stage.reductions().forEach(r -> own.add(RowLoop.of(stage, Accumulation.of(r))));
      } else {
        return null;
      }
      loops.put(stage, own);
      for (RowLoop each : own) {
        if (each.length() < 2 || length >= 0 && each.length() != length) {
          return null;
        }
        length = each.length();
      }
    }
    if (length < 0) {
      return null;
    }
    for (FlatStage stage : stages) {
      if (!stage.axes().isEmpty()) {
        RowLoop walk = loops.get(stage).getFirst();
        if (rows.put(stage.target(), walk.along(place(length), stage.address())) != null) {
          return null;
        }
      } else if (program.buffer(stage.target()).role() == Buffer.Role.LOCAL) {
        if (!scalars.add(stage.target())) {
          return null;
        }
      } else {
        others.add(stage.target());
      }
    }
    RowPlan plan = new RowPlan(program, length, stages, loops, rows, scalars);
    return plan.staysWithThreads(others) ? plan : null;
  }

  /** Whether every element that a stage wrote is read by the thread that has it. */
  private boolean staysWithThreads(Set<String> others) {
    for (FlatStage stage : stages) {
      for (RowLoop walk : loops.get(stage)) {
        for (Expr.Load load : walk.body().loads()) {
          if (rows.containsKey(load.buffer())
              && !(load.bindings().isEmpty()
                  && address(walk, load).equals(rows.get(load.buffer())))) {
            return false;
          }
        }
      }
      for (Expr.Load load : stage.body().loads()) {
        boolean row = rows.containsKey(load.buffer());
        if (others.contains(load.buffer())
            || row && stage.axes().isEmpty() && outsideOfReductions(stage, load)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean outsideOfReductions(FlatStage stage, Expr.Load load) {
    return stage.reductions().stream().noneMatch(r -> r.body().loads().contains(load));
  }

  /** The strips of all loops at this width; null if one has none. */
  List<Strip> strips(int width) {
    List<Strip> strips = new ArrayList<>();
    for (FlatStage stage : stages) {
      for (RowLoop walk : loops.get(stage)) {
        Strip strip = strip(walk, width);
        if (strip == null) {
          return null;
        }
        strips.add(strip);
      }
    }
    return strips;
  }

  Strip strip(RowLoop walk, int width) {
    Strip strip = walk.strip(width, !isPrivate(walk.stage().target()));
    Set<Expr.Load> kept = new HashSet<>();
    if (strip != null) {
      strip.vectors().keySet().stream().filter(l -> isWritten(l.buffer())).forEach(kept::add);
    }
    return strip == null ? null : strip.without(kept);
  }

  boolean isPrivate(String buffer) {
    return program.buffer(buffer).role() == Buffer.Role.LOCAL;
  }

  /** Whether a stage writes it. */
  boolean isWritten(String buffer) {
    return rows.containsKey(buffer) || scalars.contains(buffer);
  }

  /** A load's address as a function of the place in the row. */
  Dim address(RowLoop walk, Expr.Load load) {
    return walk.along(place(length), load.index().getFirst());
  }
}
