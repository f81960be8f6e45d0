package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Schedule;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints the kernels of a run, those that come in several tiles with what the cost model takes. */
public final class CudaKernels {
  private CudaKernels() {}

  /** The texts by the kernels' names. */
  public static Map<String, CudaKernelText> print(Schedule schedule, CudaTarget target) {
    return print(schedule, target, Map.of());
  }

  /** The texts by the kernels' names, some of which are {@code chosen} already. */
  public static Map<String, CudaKernelText> print(
      Schedule schedule, CudaTarget target, Map<String, CudaKernelText> chosen) {
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    schedule.program().kernels().forEach(kernel -> kernels.put(kernel.name(), kernel));
    Map<String, CudaKernelText> texts = new LinkedHashMap<>();
    for (String name : schedule.run()) {
      CudaKernelText text = chosen.get(name);
      texts.put(name, text != null ? text : text(schedule.program(), kernels.get(name), target));
    }
    return texts;
  }

  private static CudaKernelText text(Program program, Kernel kernel, CudaTarget target) {
    return switch (kernel) {
      case LoopKernel loop -> CudaLoopPrinter.print(program, loop);
      case TemplateKernel template -> template(program, template, target);
      case FunctionKernel function -> CudaFunctionPrinter.print(program, function);
      case PackKernel pack -> throw new IllegalStateException("nothing is packed for GPUs");
    };
  }

  private static CudaKernelText template(
      Program program, TemplateKernel kernel, CudaTarget target) {
    return switch (kernel.template()) {
      case Template.Gemm g -> CudaGemmPrinter.print(program, kernel, target);
      case Template.Conv c -> CudaConvPrinter.print(program, kernel, target);
      case Template.Attention a -> CudaAttentionPrinter.print(program, kernel, target);
    };
  }
}
