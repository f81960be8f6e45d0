package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Prints convolutions for GPUs: the kernels that may compute one, and the host's choice among them
 * by where operands lie. Image and weights are read in place.
 */
final class CudaConvPrinter {
  /** What precedes the function's body in a kernel that is told all sizes. */
  private static final String BEGIN = "ait::wait_for_previous();\nait::let_next_begin();\n";

  /**
   * One kernel.
   *
   * @param bounds of its launch
   * @param parameters of its own, after the context
   * @param body of the device's function
   * @param condition for taking it; empty if there is none
   * @param launch statements of the host
   */
  private record Kernel(
      String bounds, String parameters, String body, String condition, String launch) {}

  private final Template.Conv conv;
  private final CudaTarget target;
  private final StridedOperand image;
  private final StridedOperand weight;
  private final boolean constantWeight;
  private final Tile wanted;
  private final CudaParameters parameters;
  private final Set<String> headers = new TreeSet<>(CudaEpiloguePrinter.HEADERS);
  private final Set<String> hostHeaders = new TreeSet<>(Set.of("conv_launch.h"));

  private CudaConvPrinter(
      Program program, TemplateKernel kernel, Template.Conv conv, CudaTarget target, Tile wanted) {
    this.conv = conv;
    this.target = target;
    this.wanted = wanted;
    image = StridedOperand.of(program, kernel.operands().get(0));
    weight = StridedOperand.of(program, kernel.operands().get(1));
    constantWeight = program.buffer(weight.buffer()).isConstant();
    parameters = new CudaParameters(program, kernel);
  }

  /** With the tiles that the cost model takes. */
  static CudaKernelText print(Program program, TemplateKernel kernel, CudaTarget target) {
    return print(program, kernel, target, null);
  }

  /** The tiles among which there is a choice, as {@link ConvVariants#ranked} says. */
  static Map<Tile, Double> ranked(
      Program program, TemplateKernel kernel, CudaTarget target, boolean copies) {
    Template.Conv conv = (Template.Conv) kernel.template();
    CudaConvPrinter printer = new CudaConvPrinter(program, kernel, conv, target, null);
    return ConvVariants.of(conv, printer.image, printer.weight, target, null).ranked(copies);
  }

  /**
   * @param wanted the tile to take where it fits; null for what the cost model takes
   * @throws IllegalStateException if the kernel is no convolution, or image or weights cannot be
   *     read through strides, which passes see to
   */
  static CudaKernelText print(
      Program program, TemplateKernel kernel, CudaTarget target, Tile wanted) {
    if (!(kernel.template() instanceof Template.Conv conv)) {
      throw new IllegalStateException(kernel.name() + " is no convolution");
    }
    return new CudaConvPrinter(program, kernel, conv, target, wanted).text(program, kernel);
  }

  private CudaKernelText text(Program program, TemplateKernel kernel) {
    String epilogue = CudaEpiloguePrinter.body(program, kernel, parameters);
    String problem = "const ait::ConvProblem problem = " + problem() + ";";
    String operands = image.base(parameters) + ", " + weight.base(parameters);
    ConvVariants variants = ConvVariants.of(conv, image, weight, target, wanted);
    List<Kernel> kernels = new ArrayList<>();
    for (ConvVariants.Variant variant : variants.inOrder()) {
      kernels.add(
          switch (variant) {
            case ConvVariants.Copied(var tile, var certain) ->
                copied("conv", "ConvWindows", tile.type(), tile, certain, operands);
            case ConvVariants.Stem(var tile, var certain) ->
                copied(
                    "stem",
                    "StemWindows",
                    tile.type() + ", " + 8 / conv.c().value(), // lines of a window in a step
                    tile,
                    certain,
                    operands);
            case ConvVariants.Mma(var tile, var run) -> mma(tile, run, problem, operands);
            case ConvVariants.Tiled tiled -> tiled(tiled, problem, operands);
            case ConvVariants.Direct direct -> direct(direct, problem, operands);
            case ConvVariants.Depthwise depthwise -> depthwise(depthwise, problem, operands);
          });
    }
    CodeWriter device = new CodeWriter();
    CudaEpiloguePrinter.struct(epilogue, parameters, device);
    CodeWriter host = new CodeWriter();
    host.open("void @(" + parameters.hostSignature() + ")");
    host.line(problem);
    host.line("if (!ait::conv_fits(cx, problem)) return;");
    for (int i = 0; i < kernels.size(); i++) {
      Kernel k = kernels.get(i);
      device.open(
          "extern \"C\" __global__ void __launch_bounds__(%s) @_v%d(const ait::Context cx%s%s)"
              .formatted(k.bounds, i, k.parameters, parameters.deviceParameters()));
      k.body.lines().forEach(device::line);
      device.close();
      host.open(k.condition.isEmpty() ? "" : "if (" + k.condition + ")");
      host.line("static ait::DeviceKernel kernel{\"@_v" + i + "\"};");
      k.launch.lines().forEach(host::line);
      host.close();
    }
    host.close();
    return parameters.text(device.toString(), headers, host.toString(), hostHeaders);
  }

  private String epilogue() {
    return CudaEpiloguePrinter.instance(parameters) + "\n";
  }

  private String types() {
    return Cpp.memory(image.dtype()) + ", " + Cpp.memory(weight.dtype());
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

  /**
   * Tensor cores fed by the copy engine.
   *
   * @param stem of the names of its functions
   * @param walk what the kernel is told of the way through windows
   * @param constants of the kernel
   */
  private Kernel copied(
      String stem,
      String walk,
      String constants,
      GemmTile.Wgmma wgmma,
      boolean isCertain,
      String operands) {
    headers.add(stem.equals("conv") ? "conv_sm90.cuh" : "conv_stem_sm90.cuh");
    hostHeaders.add("conv_sm90_launch.h");
    String tile = wgmma.type();
    return new Kernel(
        tile + "::Threads, 1",
        ", const __grid_constant__ ait::TensorMap a_map, const __grid_constant__ ait::TensorMap"
            + " b_map, const ait::GemmProblem product, const ait::"
            + walk
            + " walk",
        "#ifdef __CUDA_ARCH_FEAT_SM90_ALL\n"
            + epilogue()
            + "ait::%s_wgmma<%s, %s, %s, %s>(a_map, b_map, product, walk, epilogue);\n#endif"
                .formatted(
                    stem,
                    Cpp.memory(image.dtype()),
                    constants,
                    constantWeight,
                    conv.oc().mod(wgmma.columns()).is(0)),
        isCertain
            ? ""
            : "cx.capability == 90 && ait::%s_copies(problem, %s)".formatted(stem, operands),
        "return ait::launch_%s_wgmma<%s>(cx, kernel, problem, ait::%s, %s%s);"
            .formatted(
                stem,
                tile,
                image.dtype().name().toUpperCase(Locale.ROOT),
                operands,
                parameters.names()));
  }

  private Kernel mma(GemmTile.Mma mma, int run, String problem, String operands) {
    headers.add("conv_sm80.cuh");
    hostHeaders.add("conv_sm80_launch.h");
    String tile = mma.type();
    return new Kernel(
        tile + "::Threads",
        "",
        BEGIN
            + problem
            + "\n"
            + epilogue()
            + "ait::conv_mma<%s>(problem, %s, epilogue);".formatted(tile, operands),
        aligned(run),
        launch("const ait::Launch how = ait::conv_mma_launch<" + tile + ">(problem);"));
  }

  private Kernel tiled(ConvVariants.Tiled variant, String problem, String operands) {
    headers.add("conv_simt.cuh");
    ConvTile tile = variant.tile();
    String parts =
        tile.parts() == 1
            ? ""
            : "const unsigned parts = cx.capability >= 90 ? %d : 1;\n".formatted(tile.parts());
    return new Kernel(
        Integer.toString(tile.threads()),
        "",
        BEGIN
            + problem
            + "\n"
            + epilogue()
            + "ait::conv_simt<%s, %s>(problem, %s, epilogue);"
                .formatted(types(), tile.spelling(variant.run(), image.step(1).is(1)), operands),
        aligned(variant.run()),
        parts + launch("const ait::Launch how" + tile.launch() + ";"));
  }

  private String launch(String how) {
    return how + "\nreturn ait::launch(cx, kernel, how" + parameters.names() + ");";
  }

  /** A kernel whose threads take one of so many things after another. */
  private Kernel flat(String call, String problem, String count, String condition) {
    headers.add("conv_direct.cuh");
    return new Kernel(
        "256",
        "",
        BEGIN + problem + "\n" + epilogue() + call,
        condition,
        launch("const ait::Launch how = ait::conv_flat_launch(cx, " + count + ");"));
  }

  private Kernel direct(ConvVariants.Direct variant, String problem, String operands) {
    return flat(
        "ait::conv_direct<%s, %d>(problem, %s, epilogue);"
            .formatted(types(), variant.run(), operands),
        problem,
        "ait::conv_rows(problem) * problem.outputs",
        aligned(variant.run()));
  }

  private Kernel depthwise(ConvVariants.Depthwise variant, String problem, String operands) {
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    return flat(
        "ait::conv_depthwise<%s, %d, %d, %d, %d, %d, %s>(problem, %s, epilogue);"
            .formatted(
                types(),
                variant.run(),
                variant.across(),
                h.kernel(),
                w.kernel(),
                w.stride(),
                variant.weightsInner(),
                operands),
        problem,
        "problem.images * problem.out[1] * ((problem.out[2] + %d) / %d) * (problem.channels / %d)"
            .formatted(variant.across() - 1, variant.across(), variant.run()),
        aligned(variant.run()));
  }

  private String problem() {
    return "{"
        + Stream.of(conv.n(), conv.c(), conv.oc(), Dim.of(conv.groups()))
            .map(d -> parameters.spell(d) + ", ")
            .collect(Collectors.joining())
        + three(Template.Window::in)
        + three(Template.Window::out)
        + three(w -> Dim.of(w.kernel()))
        + three(w -> Dim.of(w.stride()))
        + three(w -> Dim.of(w.pad()))
        + three(w -> Dim.of(w.dilation()))
        + places(image)
        + ", "
        + places(weight)
        + "}";
  }

  private String three(Function<Template.Window, Dim> size) {
    return conv.window().stream()
        .map(w -> parameters.spell(size.apply(w)))
        .collect(Collectors.joining(", ", "{", "}, "));
  }

  private String places(StridedOperand operand) {
    return "%s, %s, {%s, %s, %s}"
        .formatted(
            IntStream.range(0, 5).mapToObj(i -> parameters.spell(operand.step(i))).toArray());
  }
}
