package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows whose private buffers a GPU's block has no shared memory for keep the largest of them in the
 * arena, all rows of it.
 */
final class SpillRows implements Pass {
  /** Bytes of shared memory that a block can have on every GPU since compute capability 8.0. */
  private static final long SHARED = 96 << 10;

  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopKernel loop && !program.isConstant(loop)) {
        spill(loop, buffers);
      }
    }
    return program.withBuffers(buffers);
  }

  private static void spill(LoopKernel loop, Map<String, Buffer> buffers) {
    List<Buffer> rows =
        loop.writes().stream()
            .map(buffers::get)
            .filter(b -> b.role() == Buffer.Role.LOCAL)
            .sorted(Comparator.comparingLong(SpillRows::bytes).reversed())
            .toList();
    long total = rows.stream().mapToLong(SpillRows::bytes).sum();
    for (Buffer row : rows) {
      if (total <= SHARED) {
        return;
      }
      total -= bytes(row);
      buffers.put(
          row.name(), row.withRole(Buffer.Role.TEMP).withStrides(Sizes.rowMajor(row.shape())));
    }
  }

  /** Of one row, as large as it may become. */
  private static long bytes(Buffer row) {
    return (row.largestReach() * row.dtype().bytes() + 15) / 16 * 16;
  }
}
