package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints convolutions for GPUs: which of the kernels in {@code conv_simt.cuh} and {@code
 * conv_direct.cuh} computes one, and how it is started. Image and weights are read where they lie.
 */
final class CudaConvPrinter {
  private static final int THREADS = 256; // of kernels without a tile
  private static final int FEW_OUTPUTS = 16; // of a group: a tile would multiply mostly zeros
  private static final int ACROSS = 4; // neighbouring results of a thread of depthwise kernels

  /**
   * One kernel.
   *
   * @param call the function of a header, without its arguments
   * @param launch members of {@code ait::Launch}
   * @param run neighbouring channels that one access takes; pointers of callers must be aligned to
   *     it
   */
  private record Variant(String call, String launch, int threads, int run) {}

  private final Template.Conv conv;
  private final StridedOperand image;
  private final StridedOperand weight;
  private final CudaParameters parameters;
  private final Set<String> headers = new TreeSet<>(CudaEpiloguePrinter.HEADERS);

  private CudaConvPrinter(Program program, TemplateKernel kernel, Template.Conv conv) {
    this.conv = conv;
    image = StridedOperand.of(program, kernel.operands().get(0));
    weight = StridedOperand.of(program, kernel.operands().get(1));
    parameters = new CudaParameters(program, kernel);
  }

  /**
   * @throws IllegalStateException if the kernel is no convolution, or image or weights cannot be
   *     read through strides, which passes see to
   */
  static CudaKernelText print(Program program, TemplateKernel kernel) {
    if (!(kernel.template() instanceof Template.Conv conv)) {
      throw new IllegalStateException(kernel.name() + " is no convolution");
    }
    return new CudaConvPrinter(program, kernel, conv).text(program, kernel);
  }

  private CudaKernelText text(Program program, TemplateKernel kernel) {
    String epilogue = CudaEpiloguePrinter.body(program, kernel, parameters);
    String problem = "const ait::ConvProblem problem = " + problem() + ";";
    String operands =
        "problem, " + image.base(parameters) + ", " + weight.base(parameters) + ", epilogue";
    List<Variant> variants = variants();

    CodeWriter device = new CodeWriter();
    CudaEpiloguePrinter.struct(epilogue, parameters, device);
    CodeWriter host = new CodeWriter();
    host.open("void @(" + parameters.hostSignature() + ")");
    host.line(problem);
    host.line("if (!ait::conv_fits(cx, problem)) return;");
    host.line("[[maybe_unused]] const int64_t outputs = problem.outputs / problem.groups;");
    for (int i = 0; i < variants.size(); i++) {
      Variant variant = variants.get(i);
      device.open(
          "extern \"C\" __global__ void __launch_bounds__("
              + variant.threads
              + ") @_v"
              + i
              + "("
              + parameters.deviceSignature()
              + ")");
      device.line("ait::wait_for_previous();");
      device.line("ait::let_next_begin();");
      device.line(problem);
      device.line(CudaEpiloguePrinter.instance(parameters));
      device.line(variant.call + "(" + operands + ");");
      device.close();
      String aligned = aligned(variant.run);
      host.open(i + 1 < variants.size() && !aligned.isEmpty() ? "if (" + aligned + ")" : "");
      host.line("static ait::DeviceKernel kernel{\"@_v" + i + "\"};");
      variant.launch.lines().forEach(host::line);
      host.line("return ait::launch(cx, kernel, how" + parameters.names() + ");");
      host.close();
    }
    host.close();
    return new CudaKernelText(
        device.toString(),
        headers,
        host.toString(),
        Set.of("conv_launch.h"),
        parameters.hostSignature(),
        parameters.arguments(),
        parameters.values());
  }

  /** The kernels that may be chosen at run time, in order; the last one takes everything. */
  private List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    for (int run : new int[] {8, 4, 1}) {
      boolean fits = image.hasRuns(1, channels(), run);
      if (fits && isDepthwise(run)) {
        variants.add(depthwise(run));
      } else if (run < 8 && fits && weight.hasRuns(1, channels(), run)) {
        variants.add(isSparse() ? direct(run) : tiled(run));
      }
      if (!variants.isEmpty() && aligned(variants.getLast().run).isEmpty()) {
        break; // nothing is left that it does not take
      }
    }
    return variants;
  }

  /** Of a group; what a run may not go beyond. */
  private Dim channels() {
    return conv.c().equals(Dim.of(conv.groups())) ? conv.c() : conv.c().floorDiv(conv.groups());
  }

  /** Whether the pointers that callers bring are aligned to runs; empty if that is certain. */
  private String aligned(int run) {
    return run == 1
        ? ""
        : Stream.of(image, weight)
            .filter(StridedOperand::isBorder)
            .map(
                o ->
                    "ait::is_aligned_run(%s, %d)"
                        .formatted(parameters.pointer(o.buffer()), o.bytes(run)))
            .collect(Collectors.joining(" && "));
  }

  private boolean isSparse() {
    return conv.groups() > 1
        && (conv.oc().max() / conv.groups() < FEW_OUTPUTS || !ConvTile.fits(Dim.of(conv.groups())));
  }

  private String types() {
    return Cpp.memory(image.dtype()) + ", " + Cpp.memory(weight.dtype());
  }

  private Variant tiled(int run) {
    headers.add("conv_simt.cuh");
    ConvTile tile = ConvTile.candidates(conv).getFirst();
    String parts =
        tile.parts() == 1
            ? ""
            : "const unsigned parts = cx.capability >= 90 ? %d : 1;\n".formatted(tile.parts());
    return new Variant(
        "ait::conv_simt<%s, %s>".formatted(types(), tile.spelling(run, conv.channelStride().is(1))),
        parts + "const ait::Launch how" + tile.launch() + ";",
        tile.threads(),
        run);
  }

  private Variant direct(int run) {
    headers.add("conv_direct.cuh");
    return new Variant(
        "ait::conv_direct<%s, %d>".formatted(types(), run),
        flat("ait::conv_rows(problem) * problem.outputs"),
        THREADS,
        run);
  }

  private Variant depthwise(int run) {
    headers.add("conv_direct.cuh");
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    boolean inner = weight.hasRuns(0, conv.oc(), run) && !weight.isBorder();
    return new Variant(
        "ait::conv_depthwise<%s, %d, %d, %d, %d, %d, %s>"
            .formatted(types(), run, ACROSS, h.kernel(), w.kernel(), w.stride(), inner),
        flat(
            "problem.images * problem.out[1] * ((problem.out[2] + %d) / %d) * (problem.channels / %d)"
                .formatted(ACROSS - 1, ACROSS, run)),
        THREADS,
        run);
  }

  /** Threads take one thing after another. */
  private static String flat(String count) {
    return "const int64_t blocks = (%s + %d) / %d, most = int64_t(cx.sms) * 64;\n"
            .formatted(count, THREADS - 1, THREADS)
        + "const ait::Launch how{uint32_t(blocks < most ? blocks : most), 1, 1, "
        + THREADS
        + "};";
  }

  private boolean isDepthwise(int run) {
    Template.Window d = conv.window().get(0);
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    long most = run == 8 ? 3 : 7; // registers
    return run > 1
        && run * image.dtype().bytes() <= 16
        && conv.c().is(conv.groups())
        && conv.oc().equals(conv.c())
        && conv.c().value() % run == 0
        && d.equals(Template.Window.NONE)
        && h.dilation() == 1
        && w.dilation() == 1
        && w.stride() <= 2
        && h.kernel() <= most
        && w.kernel() <= most;
  }

  private String problem() {
    return "{"
        + Stream.of(conv.n(), conv.c(), conv.oc(), Dim.of(conv.groups()))
            .map(d -> parameters.spell(d) + ", ")
            .collect(Collectors.joining())
        + three(w -> w.in())
        + three(w -> w.out())
        + numbers(Template.Window::kernel)
        + numbers(Template.Window::stride)
        + numbers(Template.Window::pad)
        + numbers(Template.Window::dilation)
        + places(image)
        + ", "
        + places(weight)
        + "}";
  }

  private String three(java.util.function.Function<Template.Window, Dim> size) {
    return conv.window().stream()
        .map(w -> parameters.spell(size.apply(w)))
        .collect(Collectors.joining(", ", "{", "}, "));
  }

  private String numbers(ToLongFunction<Template.Window> number) {
    return three(w -> Dim.of(number.applyAsLong(w)));
  }

  private String places(StridedOperand operand) {
    return "%s, %s, {%s, %s, %s}"
        .formatted(
            java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> parameters.spell(operand.step(i)))
                .toArray());
  }
}
