package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;

/**
 * Rows that lie in the registers of the threads that share them: each element is read from memory
 * once, whichever stage needs it, and what is private to a row never is in memory.
 */
final class RegisterRows {
  /** Threads that keep a GPU busy. */
  private static final long BUSY = 1 << 18;

  /** Elements of a row that a thread has at most. */
  private static final int MOST = 32;

  private static final int[] WIDTHS = {8, 4, 2, 1};

  private final KernelWriter kernel;
  private final LoopKernel loop;
  private final RowPlan plan;
  private final IndexWidth index;

  private RegisterRows(KernelWriter kernel, LoopKernel loop, RowPlan plan) {
    this.kernel = kernel;
    this.loop = loop;
    this.plan = plan;
    index = IndexWidth.of(loop.outer(), plan.stages());
  }

  /** Whether the kernel is one of these rows; if so it has been printed. */
  static boolean print(KernelWriter kernel, LoopKernel loop) {
    RowPlan plan = RowPlan.of(kernel.program(), loop);
    if (plan == null || plan.length() > 1024 * MOST) {
      return false;
    }
    RegisterRows rows = new RegisterRows(kernel, loop, plan);
    int width = 1;
    for (int w : WIDTHS) {
      if (plan.strips(w) != null) {
        width = w;
        break;
      }
    }
    kernel.open(Sizes.points(loop.outer()));
    kernel.header("group.cuh");
    kernel.header("vector.cuh");
    String condition = kernel.holds(plan.strips(width).toArray(Strip[]::new));
    rows.print(width, condition);
    if (!condition.isEmpty()) {
      rows.print(1, "");
    }
    kernel.close();
    return true;
  }

  /** Threads that share a row: enough for its registers, more where rows are few. */
  private int lanes(int width, long rows) {
    int lanes = 32;
    while (lanes < 1024
        && (plan.length() > (long) lanes * MOST
            || plan.length() % (2L * lanes * width) == 0 && lanes * rows < BUSY)) {
      lanes *= 2;
    }
    // Short rows share a warp where none is left over.
    Dim points = Sizes.points(loop.outer());
    while (lanes > 4
        && lanes <= 32
        && plan.length() <= (long) lanes / 2 * width
        && points.isConst()
        && points.value() % (128 / (lanes / 2)) == 0) {
      lanes /= 2;
    }
    return lanes;
  }

  private void print(int width, String condition) {
    long likely = LikelySizes.of(Sizes.points(loop.outer()));
    int lanes = lanes(width, likely);
    int rows =
        lanes > 32 ? 1 : lanes < 32 ? 128 / lanes : likely >= 8192 ? 8 : likely >= 1024 ? 4 : 1;
    int threads = lanes * rows;
    DeviceFunction f = kernel.openEarly(index, threads);
    f.line("const int lane = threadIdx.x %% %d;", lanes);
    String count = index.count();
    Dim points = Sizes.points(loop.outer());
    f.line(
        "const %s row = %s(blockIdx.x)%s;",
        count, count, rows == 1 ? "" : " * " + rows + " + threadIdx.x / " + lanes);
    f.open("if (row < %s)", f.count(points));
    f.places(loop.outer(), "row", 1);
    new RowBody(f, plan, width, lanes).print(() -> kernel.waitForPrevious(f));
    f.close();
    String blocks =
        rows == 1
            ? kernel.number(points)
            : "(" + kernel.number(points) + " + " + (rows - 1) + ") / " + rows;
    kernel.close(index, condition, blocks, threads, "");
  }
}
