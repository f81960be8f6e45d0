package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;

/**
 * Prints a generated loop nest for GPUs: which threads compute what is a schedule's business, of
 * which each kind of nest has one.
 */
public final class CudaLoopPrinter {
  private CudaLoopPrinter() {}

  public static CudaKernelText print(Program program, LoopKernel loop) {
    KernelWriter kernel = new KernelWriter(program, loop);
    if (loop.outer().isEmpty()) {
      for (Stage each : loop.stages()) {
        FlatStage stage = FlatStage.of(program, each);
        if (!stage.reductions().isEmpty()) {
          ReduceSchedule.print(kernel, stage);
        } else if (!TileSchedule.print(kernel, stage) && !InterleaveSchedule.print(kernel, stage)) {
          PointSchedule.print(kernel, stage);
        }
      }
    } else if (!RegisterRows.print(kernel, loop)) {
      RowSchedule.print(kernel, loop);
    }
    return kernel.finish();
  }
}
