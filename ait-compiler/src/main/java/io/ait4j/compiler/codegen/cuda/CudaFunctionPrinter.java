package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.FunctionArguments;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.GpuFunction;
import io.ait4j.compiler.ir.Program;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints the call of a hand-written function for GPUs: a kernel that gets the arguments as they
 * are, and the launches that a header of the function asks for.
 */
final class CudaFunctionPrinter {
  private final FunctionKernel kernel;
  private final GpuFunction function;
  private final CudaParameters parameters;
  private final FunctionArguments spelled;

  private CudaFunctionPrinter(Program program, FunctionKernel kernel) {
    this.kernel = kernel;
    function =
        GpuFunction.of(kernel)
            .orElseThrow(() -> new IllegalStateException(kernel.name() + " is not for GPUs"));
    parameters = new CudaParameters(program, kernel);
    spelled = new FunctionArguments(program, parameters::pointer, parameters::spell);
  }

  /**
   * @throws IllegalStateException if the function is not one for GPUs, which converters see to
   */
  static CudaKernelText print(Program program, FunctionKernel kernel) {
    return new CudaFunctionPrinter(program, kernel).print();
  }

  private CudaKernelText print() {
    String host = host();
    return parameters.text(
        device(),
        Set.of(function.deviceHeader().name()),
        host,
        Set.of(function.hostHeader().name()));
  }

  private String call(String how) {
    return "ait::" + function.name() + "_" + how + FunctionArguments.options(kernel);
  }

  private String names() {
    return IntStream.range(0, kernel.arguments().size())
        .mapToObj(i -> ", a" + i)
        .collect(Collectors.joining());
  }

  private String device() {
    List<FunctionKernel.Argument> arguments = kernel.arguments();
    String taken =
        IntStream.range(0, arguments.size())
            .mapToObj(
                i -> ",\n    __grid_constant__ " + spelled.type(arguments.get(i)) + " const a" + i)
            .collect(Collectors.joining());
    CodeWriter out = new CodeWriter();
    out.open(
        "extern \"C\" __global__ void __launch_bounds__(%d) @(const ait::Context cx, const ait::%s step%s)"
            .formatted(GpuFunction.THREADS, function.step(), taken));
    out.line("ait::wait_for_previous();");
    out.line("ait::let_next_begin();");
    out.line("const ait::Call call{cx, \"" + kernel.operator() + "\"};");
    out.line(call("device") + "(call, step" + names() + ");");
    out.close();
    return out.toString();
  }

  private String host() {
    CodeWriter body = new CodeWriter();
    body.line("const ait::LaunchCall call{cx, \"" + kernel.operator() + "\"};");
    for (int i = 0; i < kernel.arguments().size(); i++) {
      FunctionKernel.Argument argument = kernel.arguments().get(i);
      body.line("%s const a%d = %s;".formatted(spelled.type(argument), i, spelled.value(argument)));
    }
    body.line("static ait::DeviceKernel kernel{\"@\"};");
    body.line("ait::" + function.step() + " step;");
    body.line("ait::Launch how;");
    body.open(
        "for (int64_t number = 0; "
            + call("launch")
            + "(call, number, step, how"
            + names()
            + "); number++)");
    body.line("ait::launch(cx, kernel, how, step" + names() + ");");
    body.close();
    CodeWriter out = new CodeWriter();
    out.open("void @(" + parameters.hostSignature() + ")"); // which the body has completed
    body.toString().lines().forEach(out::line);
    out.close();
    return out.toString();
  }
}
