package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints scaled dot-product attention for GPUs: the functor that says what becomes of each score,
 * and the start of the kernel in {@code attention_simt.cuh}. Queries, keys and values are read
 * where they lie.
 */
final class CudaAttentionPrinter {
  private static final int THREADS = 256;
  private static final int COPY_STEP = 8; // halves in 16 bytes, by which the copy engine steps
  private static final int WIDEST_MMA = 128; // by registers
  private static final int RUN = 4; // columns that one access takes where strides allow it

  private final Template.Attention attention;
  private final CudaTarget target;
  private final Tile wanted;
  private final List<StridedOperand> operands;
  private final CudaParameters parameters;
  private final String places; // where the operands begin
  private final Set<String> headers = new TreeSet<>(CudaEpiloguePrinter.HEADERS);
  private final Set<String> hostHeaders = new TreeSet<>(Set.of("attention_launch.h"));

  private CudaAttentionPrinter(
      Program program,
      TemplateKernel kernel,
      Template.Attention attention,
      CudaTarget target,
      Tile wanted) {
    this.attention = attention;
    this.target = target;
    this.wanted = wanted;
    operands =
        kernel.operands().subList(0, 3).stream().map(o -> StridedOperand.of(program, o)).toList();
    parameters = new CudaParameters(program, kernel);
    places = operands.stream().map(o -> o.base(parameters)).collect(Collectors.joining(", "));
  }

  /** With the tile that the cost model takes. */
  static CudaKernelText print(Program program, TemplateKernel kernel, CudaTarget target) {
    return print(program, kernel, target, null);
  }

  /**
   * The tiles among which there is a choice, the one expected to be fastest first, with the times
   * expected; none where the tensor cores cannot be used.
   */
  static Map<Tile, Double> ranked(Program program, TemplateKernel kernel, CudaTarget target) {
    Template.Attention attention = (Template.Attention) kernel.template();
    Map<Tile, Double> ranked = new LinkedHashMap<>();
    if (new CudaAttentionPrinter(program, kernel, attention, target, null).mayUseTensorCores()) {
      AttentionTile.candidates(attention).forEach(t -> ranked.put(t, t.micros(attention)));
    }
    return ranked;
  }

  /**
   * @param wanted the tile to take where it fits; null for what the cost model takes
   * @throws IllegalStateException if the kernel is no attention, or its operands cannot be read
   *     through strides, which passes see to
   */
  static CudaKernelText print(
      Program program, TemplateKernel kernel, CudaTarget target, Tile wanted) {
    if (!(kernel.template() instanceof Template.Attention attention)) {
      throw new IllegalStateException(kernel.name() + " is no attention");
    }
    return new CudaAttentionPrinter(program, kernel, attention, target, wanted)
        .text(program, kernel);
  }

  private CudaKernelText text(Program program, TemplateKernel kernel) {
    String epilogue = CudaEpiloguePrinter.body(program, kernel, parameters);
    String score = kernel.operands().size() < 4 ? "" : score(program, kernel.operands().get(3));
    String problem = "const ait::AttentionProblem problem = " + problem() + ";";
    CodeWriter device = new CodeWriter();
    CudaEpiloguePrinter.struct(epilogue, parameters, device);
    if (!score.isEmpty()) {
      device.open("struct @_Score");
      parameters.members(device);
      score.lines().forEach(device::line);
      device.close(";");
    }
    CodeWriter host = new CodeWriter();
    host.open("void @(" + parameters.hostSignature() + ")");
    host.line(problem);
    host.line("if (!ait::attention_fits(cx, problem)) return;");
    if (!copied(score, device, host) && !mma(score, problem, device, host)) {
      general(score, problem, device, host);
    }
    host.close();
    return parameters.text(device.toString(), headers, host.toString(), hostHeaders);
  }

  private String score(String functor) {
    return functor.isEmpty()
        ? "const ait::PlainScore score;"
        : "const @_Score score{cx" + parameters.names() + "};";
  }

  private boolean mayUseTensorCores() {
    return target.hasWgmma()
        && !AttentionTile.candidates(attention).isEmpty()
        && attention.scale() > 0
        && mayCopy();
  }

  /**
   * Tensor cores fed by the copy engine, if it may be able to read all operands.
   *
   * @return whether every run takes this
   */
  private boolean copied(String functor, CodeWriter device, CodeWriter host) {
    if (!mayUseTensorCores()) {
      return false;
    }
    headers.add("attention_sm90.cuh");
    hostHeaders.add("attention_sm90_launch.h");
    AttentionTile chosen = Tile.choose(AttentionTile.candidates(attention), wanted);
    String tile = chosen.type();
    DType type = operands.getFirst().dtype();
    device.open(
        "extern \"C\" __global__ void __launch_bounds__(%s::Threads, %s::Blocks) @_v0(%s%s)"
            .formatted(
                tile,
                tile,
                "const ait::Context cx, const __grid_constant__ ait::TensorMap q_map, const"
                    + " __grid_constant__ ait::TensorMap k_map, const __grid_constant__"
                    + " ait::TensorMap v_map, const ait::AttentionSizes sizes",
                parameters.deviceParameters()));
    device.line("#ifdef __CUDA_ARCH_FEAT_SM90_ALL");
    device.line(CudaEpiloguePrinter.instance(parameters));
    device.line(score(functor));
    device.line(
        "ait::attention_wgmma<%s, %s, %s>(q_map, k_map, v_map, sizes, score, epilogue);"
            .formatted(Cpp.memory(type), tile, kinds(chosen.width())));
    device.line("#endif");
    device.close();
    boolean certain = copies() && target.architectures().equals(List.of("sm_90a"));
    host.open(
        certain
            ? ""
            : "if (cx.capability == 90 && ait::attention_copies(problem, " + places + "))");
    host.line("static ait::DeviceKernel kernel{\"@_v0\"};");
    host.line(
        "return ait::launch_attention_wgmma<%s>(cx, kernel, problem, ait::%s, %s%s);"
            .formatted(tile, type.name().toUpperCase(Locale.ROOT), places, parameters.names()));
    host.close();
    return certain;
  }

  /** Of a kernel on tensor cores for values as wide as {@code width} or less. */
  private String kinds(int width) {
    return "%s, %s, %s"
        .formatted(attention.causal(), attention.hiddenIsZero(), attention.valueDim().is(width));
  }

  private boolean mayCopy() {
    DType type = operands.getFirst().dtype();
    return Halves.isHalf(type)
        && operands.stream()
            .allMatch(
                o ->
                    o.dtype() == type
                        && o.step(3).is(1)
                        && ColumnAccess.isMultiple(o.step(2), COPY_STEP));
  }

  /** As {@code attention_copies} in {@code attention_launch.h}, where all sizes are known. */
  private boolean copies() {
    return isAligned()
        && Stream.of(attention.batch(), attention.heads(), attention.queryLength())
            .allMatch(Dim::isConst)
        && hasCopySteps(operands.get(0), attention.heads(), attention.queryLength())
        && hasCopySteps(operands.get(1), attention.kvHeads(), attention.keyLength())
        && hasCopySteps(operands.get(2), attention.kvHeads(), attention.keyLength());
  }

  private boolean hasCopySteps(StridedOperand operand, Dim heads, Dim rows) {
    return isCopyStep(operand.step(0), attention.batch())
        && isCopyStep(operand.step(1), heads)
        && isCopyStep(operand.step(2), rows);
  }

  /** The copy engine does not read the same again, nor backwards. */
  private static boolean isCopyStep(Dim step, Dim extent) {
    return extent.is(1) || step.isConst() && step.value() > 0;
  }

  /** As {@code attention_is_aligned} in {@code attention_launch.h}, in all runs. */
  private boolean isAligned() {
    return attention.keyLength().min() > 0
        && operands.stream()
            .allMatch(
                o ->
                    !o.isBorder()
                        && ColumnAccess.isMultiple(o.strides().offset(), COPY_STEP)
                        && o.strides().steps().subList(0, 3).stream()
                            .allMatch(step -> ColumnAccess.isMultiple(step, COPY_STEP)));
  }

  /**
   * The tensor cores of any GPU, if rows may lie as they are copied.
   *
   * @return whether every run that comes here takes this
   */
  private boolean mma(String functor, String problem, CodeWriter device, CodeWriter host) {
    long widest =
        attention.headDim().isConst() && attention.valueDim().isConst()
            ? Math.max(attention.headDim().value(), attention.valueDim().value())
            : Long.MAX_VALUE;
    if (widest > WIDEST_MMA
        || attention.scale() <= 0
        || attention.headDim().value() % COPY_STEP != 0
        || attention.valueDim().value() % COPY_STEP != 0
        || !mayCopy()) {
      return false;
    }
    headers.add("attention_sm80.cuh");
    DType type = operands.getFirst().dtype();
    int width = widest <= 64 ? 64 : WIDEST_MMA;
    String tile = "ait::AttentionMmaTile<%d, 4>".formatted(width);
    device.open(
        "extern \"C\" __global__ void __launch_bounds__(%s::Threads) @_mma(%s)"
            .formatted(tile, parameters.deviceSignature()));
    device.line("ait::wait_for_previous();");
    device.line("ait::let_next_begin();");
    device.line(problem);
    device.line(CudaEpiloguePrinter.instance(parameters));
    device.line(score(functor));
    device.line(
        "ait::attention_mma<%s, %s, %s>(problem, %s, score, epilogue);"
            .formatted(Cpp.memory(type), tile, kinds(width), places));
    device.close();
    boolean certain = isAligned();
    host.open(certain ? "" : "if (ait::attention_is_aligned(problem, " + places + "))");
    host.line("static ait::DeviceKernel kernel{\"@_mma\"};");
    host.line(
        "return ait::launch(cx, kernel, ait::attention_mma_launch<%s>(problem)%s);"
            .formatted(tile, parameters.names()));
    host.close();
    return certain;
  }

  /** On the ordinary units, for anything. */
  private void general(String functor, String problem, CodeWriter device, CodeWriter host) {
    headers.add("attention_simt.cuh");
    boolean runs = hasRuns();
    String aligned = runs ? aligned() : "";
    List<Integer> variants =
        !runs ? List.of(1) : aligned.isEmpty() ? List.of(RUN) : List.of(RUN, 1);
    int rowsEach = LikelySizes.of(attention.queryLength()) > 16 ? 4 : 1;
    int columns = LikelySizes.of(attention.valueDim()) > 64 && rowsEach > 1 ? 128 : 64;
    for (int run : variants) {
      String name = "@_general" + run;
      device.open(
          "extern \"C\" __global__ void __launch_bounds__("
              + THREADS
              + ") "
              + name
              + "("
              + parameters.deviceSignature()
              + ")");
      device.line("ait::wait_for_previous();");
      device.line("ait::let_next_begin();");
      device.line(problem);
      device.line(CudaEpiloguePrinter.instance(parameters));
      device.line(score(functor));
      device.line(
          "ait::attention_simt<%s, ait::AttentionSimtTile<%d, %d, %d>>(problem, %s, score, epilogue);"
              .formatted(
                  operands.stream()
                      .map(o -> Cpp.memory(o.dtype()))
                      .collect(Collectors.joining(", ")),
                  rowsEach,
                  columns,
                  run,
                  places));
      device.close();
      host.open(run > 1 && !aligned.isEmpty() ? "if (" + aligned + ")" : "");
      host.line("static ait::DeviceKernel kernel{\"" + name + "\"};");
      host.line(
          "return ait::launch(cx, kernel, ait::attention_simt_launch(problem, %d, %d)%s);"
              .formatted(16 * rowsEach, columns, parameters.names()));
      host.close();
    }
  }

  private boolean hasRuns() {
    return operands.get(0).hasRuns(3, attention.headDim(), RUN)
        && operands.get(1).hasRuns(3, attention.headDim(), RUN)
        && operands.get(2).hasRuns(3, attention.valueDim(), RUN);
  }

  /** Whether the pointers that callers bring are aligned to runs; empty if that is certain. */
  private String aligned() {
    return operands.stream()
        .filter(StridedOperand::isBorder)
        .map(
            o ->
                "ait::is_aligned_run(%s, %d)"
                    .formatted(parameters.pointer(o.buffer()), o.bytes(RUN)))
        .distinct()
        .collect(Collectors.joining(" && "));
  }

  /** What becomes of the score of query i and key j of head h in batch b. */
  private String score(Program program, Operand scores) {
    CodeWriter out = new CodeWriter();
    ExprPrinter exprs = parameters.expressions(out);
    Expr value = FlatStage.flatten(program, scores.value());
    Places.of(value).bind(exprs, scores.axes(), List.of("b", "h", "i", "j"));
    exprs.accumulator("score");
    out.line("static constexpr bool Any = true;");
    out.open("AIT_INLINE float operator()(int b, int h, int i, int j, float score) const");
    out.line("return " + exprs.print(value) + ";");
    out.close();
    return out.toString();
  }

  private String problem() {
    String scale = Float.toHexString((float) attention.scale()) + "f";
    return "{"
        + Stream.of(
                attention.batch(),
                attention.heads(),
                attention.kvHeads(),
                attention.queryLength(),
                attention.keyLength(),
                attention.headDim(),
                attention.valueDim())
            .map(d -> parameters.spell(d) + ", ")
            .collect(Collectors.joining())
        + operands.stream().map(this::steps).collect(Collectors.joining())
        + scale
        + ", "
        + (attention.causal() ? 1 : 0)
        + ", "
        + (attention.hiddenIsZero() ? 1 : 0)
        + "}";
  }

  private String steps(StridedOperand operand) {
    return operand.strides().steps().stream()
        .map((Dim d) -> parameters.spell(d))
        .collect(Collectors.joining(", ", "{", "}, "));
  }
}
