package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel of several stages over common outer axes: a warp or a block takes each outer point
 * through all of them, what is private to the point lies in shared memory.
 */
final class RowSchedule {
  private static final int WARP = 32;

  /** Warps of a block that have a row each, at most. */
  private static final int ROWS = 8;

  /** Shared memory that a block of several rows takes at most. */
  private static final long SHARED = 48 << 10;

  private final KernelWriter kernel;
  private final LoopKernel loop;
  private final List<FlatStage> stages;
  private final IndexWidth index;
  private final int lanes;
  private final int rows;
  private final Map<Buffer, Long> places = new LinkedHashMap<>();
  private final long bytes;

  private RowSchedule(KernelWriter kernel, LoopKernel loop) {
    this.kernel = kernel;
    this.loop = loop;
    Program program = kernel.program();
    stages = loop.stages().stream().map(s -> FlatStage.of(program, s)).toList();
    index = IndexWidth.of(loop.outer(), stages);
    long used = 0;
    for (String name : loop.writes()) {
      Buffer buffer = program.buffer(name);
      if (buffer.role() == Buffer.Role.LOCAL) {
        places.put(buffer, used);
        used += (buffer.largestReach() * buffer.dtype().bytes() + 15) / 16 * 16;
      }
    }
    bytes = used;
    long longest = stages.stream().mapToLong(RowSchedule::longest).max().orElse(1);
    lanes = longest <= 1024 ? WARP : longest <= 4096 ? 256 : longest <= 16384 ? 512 : 1024;
    rows = lanes > WARP ? 1 : Math.clamp(SHARED / Math.max(1, bytes), 1, ROWS);
  }

  static void print(KernelWriter kernel, LoopKernel loop) {
    RowSchedule schedule = new RowSchedule(kernel, loop);
    kernel.open(Sizes.points(loop.outer()));
    kernel.header("group.cuh");
    kernel.header("vector.cuh");
    schedule.print();
    kernel.close();
  }

  private static long longest(FlatStage stage) {
    long most = LikelySizes.of(Sizes.points(stage.axes()));
    for (Expr.Reduce reduce : stage.reductions()) {
      most = Math.max(most, LikelySizes.of(Sizes.points(reduce.axes())));
    }
    return most;
  }

  private void print() {
    int threads = lanes * rows;
    DeviceFunction f = kernel.open(index, threads);
    Dim points = Sizes.points(loop.outer());
    f.line("extern __shared__ uint4 shared[];");
    f.line("const int lane = threadIdx.x %% %d;", lanes);
    String row = rows == 1 ? "" : " + threadIdx.x / " + lanes;
    places.forEach(
        (buffer, at) ->
            f.line(
                "%s* const %s = reinterpret_cast<%s*>(reinterpret_cast<char*>(shared) + %s%d);",
                Cpp.memory(buffer.dtype()),
                kernel.pointer(buffer.name()),
                Cpp.memory(buffer.dtype()),
                rows == 1 ? "" : "threadIdx.x / " + lanes + " * " + bytes + " + ",
                at));
    f.open(
        "for (%s row = %s(blockIdx.x)%s%s; row < %s; row += %s(gridDim.x)%s)",
        index.count(),
        index.count(),
        rows == 1 ? "" : " * " + rows,
        row,
        f.count(points),
        index.count(),
        rows == 1 ? "" : " * " + rows);
    f.places(loop.outer(), "row", 1);
    for (FlatStage stage : stages) {
      f.open("");
      stage(f, stage);
      f.close();
      f.line("ait::group_barrier<%d>();", lanes);
    }
    f.close();
    String blocks =
        rows == 1
            ? kernel.number(points)
            : "(" + kernel.number(points) + " + " + (rows - 1) + ") / " + rows;
    kernel.close(index, "", blocks, threads, bytes == 0 ? "" : Long.toString(bytes * rows));
  }

  private void stage(DeviceFunction f, FlatStage stage) {
    List<Expr.Reduce> reductions = stage.reductions();
    if (reductions.isEmpty()) {
      f.walk(stage.axes(), "lane", lanes, 1);
      Stores.point(f, stage);
      f.close();
      return;
    }
    long points = LikelySizes.of(Sizes.points(stage.axes()));
    boolean together = points < lanes / 2;
    int loops = together ? f.walk(stage.axes(), "", 1, 1) : f.walk(stage.axes(), "lane", lanes, 1);
    List<String> totals = new ArrayList<>();
    for (Expr.Reduce reduce : reductions) {
      f.exprs().push();
      totals.add(Accumulation.of(reduce).total(f, Strip.single(), "lane", together ? lanes : 1));
      f.exprs().pop();
    }
    if (together) {
      f.open("if (lane == 0)");
    }
    for (int i = 0; i < totals.size(); i++) {
      f.exprs().define(reductions.get(i), totals.get(i));
    }
    Stores.point(f, stage);
    for (int i = 0; i < loops + (together ? 1 : 0); i++) {
      f.close();
    }
  }
}
