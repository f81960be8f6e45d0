package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.compiler.codegen.FlatStage;
import io.ait4j.compiler.codegen.KernelText;
import io.ait4j.compiler.codegen.Numbers;
import io.ait4j.compiler.codegen.Parameters;
import io.ait4j.compiler.codegen.SymbolScope;
import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Strides;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints the instantiation of a hand-written kernel: its operands, its epilogue, the call. */
final class TemplatePrinter {
  private final Program program;
  private final Parameters parameters;
  private final Numbers numbers = new Numbers();
  private final SymbolScope symbols;
  private final CodeWriter out = new CodeWriter();

  private TemplatePrinter(Program program, Kernel kernel) {
    this.program = program;
    parameters = Parameters.of(program, kernel);
    symbols = SymbolScope.of(program, kernel);
  }

  static KernelText print(Program program, TemplateKernel kernel) {
    return new TemplatePrinter(program, kernel).instance(kernel);
  }

  static KernelText print(Program program, PackKernel kernel) {
    return new TemplatePrinter(program, kernel).packing(kernel);
  }

  private KernelText instance(TemplateKernel kernel) {
    CodeWriter epilogue = new CodeWriter();
    EpiloguePrinter.print(program, kernel, parameters, numbers, epilogue);
    out.line(
        "const @_Epilogue epilogue{cx, "
            + String.join(", ", parameters.names().values())
            + Numbers.list(", ", numbers.count())
            + "};");
    String packed = parameters.names().get(kernel.packed());
    switch (kernel.template()) {
      case Template.Gemm g -> {
        String a = gemmOperand(kernel.operands().get(0), "A");
        String b =
            packed != null
                ? "ait::PackedB{" + packed + ", 0}"
                : gemmOperand(kernel.operands().get(1), "B");
        String sizes = values(numbers::spell, g.batch(), g.m(), g.n(), g.k());
        out.line("ait::gemm(cx.ex, " + sizes + ", " + a + ", " + b + ", epilogue);");
      }
      case Template.Conv c -> {
        out.line("ait::Conv conv = " + geometry(c, numbers::spell) + ";");
        Operand image = stored(kernel.operands().getFirst());
        Strides x = Strides.of(program, image).orElseThrow();
        out.line("conv.x = " + base(image, x) + ";");
        String[] suffixes = {"n", "c", "d", "h", "w"};
        for (int d : new int[] {0, 2, 3, 4}) {
          out.line("conv.xs_" + suffixes[d] + " = " + numbers.spell(x.steps().get(d)) + ";");
        }
        String function = SharedKernels.function(c, SharedKernels.element(kernel));
        if (SharedKernels.isWinograd(c) || c.isDepthwise()) {
          out.line("conv.w = " + packed + ";");
          out.line(function + "(cx.ex, conv, epilogue);");
        } else {
          out.line(function + "(cx.ex, conv, " + packed + ", epilogue);");
        }
      }
      case Template.Attention a -> attention(kernel, a);
    }
    return function(epilogue.toString());
  }

  /** The function {@code stem} for a convolution's weights. */
  private static String weights(Template.Conv c, String stem) {
    return SharedKernels.isWinograd(c)
        ? "ait::" + stem + "_winograd" + "<" + c.algorithm().tile() + ">"
        : "ait::" + stem + "_conv";
  }

  private KernelText packing(PackKernel kernel) {
    String target = parameters.names().get(kernel.target());
    switch (kernel.template()) {
      case Template.Gemm g -> {
        String element = lambda(kernel.operand(), List.of("", "k", "n"));
        String sizes = values(numbers::spell, g.k(), g.n());
        out.line("ait::pack_b(cx.ex, " + sizes + ", " + element + ", " + target + ");");
      }
      case Template.Conv c -> {
        String element = lambda(kernel.operand(), List.of("oc", "ic", "kd", "kh", "kw"));
        out.line("const ait::Conv conv = " + geometry(weight(c), numbers::spell) + ";");
        out.line(weights(c, "pack") + "(cx.ex, conv, " + element + ", " + target + ");");
      }
      case Template.Attention a -> throw new IllegalStateException("attention packs nothing");
    }
    return function("");
  }

  /** The function around what has been printed. */
  private KernelText function(String before) {
    CodeWriter text = new CodeWriter();
    String signature = parameters.signature() + Numbers.list(", const int64_t ", numbers.count());
    text.open("void @(" + signature + ")");
    out.toString().lines().forEach(text::line);
    text.close();
    return new KernelText(before + text, signature, parameters.order(), numbers.values());
  }

  private String base(Operand operand, Strides strides) {
    String buffer = ((Expr.Load) operand.value()).buffer();
    return parameters.names().get(buffer) + " + " + numbers.spell(strides.offset());
  }

  /** The operand as it lies in memory: kernels widen halves themselves. */
  private static Operand stored(Operand operand) {
    return operand.withValue(SharedKernels.stored(operand.value()));
  }

  private static String values(Function<Dim, String> spell, Dim... dims) {
    return Arrays.stream(dims).map(spell).collect(Collectors.joining(", "));
  }

  /**
   * The C++ expression of a convolution's shape, its pointers and strides left out but for the
   * channel stride, and the order of the packed weights, which no size may change.
   */
  private static String geometry(Template.Conv c, Function<Dim, String> spell) {
    List<Dim> fields = new ArrayList<>(List.of(c.n(), c.c(), c.oc(), Dim.of(c.groups())));
    c.window().forEach(w -> fields.add(w.in()));
    c.window().forEach(w -> fields.add(w.out()));
    c.window().forEach(w -> fields.add(Dim.of(w.kernel())));
    c.window().forEach(w -> fields.add(Dim.of(w.stride())));
    c.window().forEach(w -> fields.add(Dim.of(w.pad())));
    c.window().forEach(w -> fields.add(Dim.of(w.dilation())));
    return "ait::Conv{"
        + values(spell, fields.toArray(Dim[]::new))
        + ", nullptr, 0, 0, 0, 0, nullptr, "
        + spell.apply(c.channelStride())
        + ", "
        + !c.channelStride().is(1)
        + "}";
  }

  /**
   * What packing weights depends on: sizes of the image, which may differ from run to run, do not.
   */
  private static Template.Conv weight(Template.Conv c) {
    Dim channelStride = c.channelStride().is(1) ? Dim.ONE : Dim.of(2);
    return c.ofOneElement().withChannelStride(channelStride);
  }

  /**
   * Operand "A" over (b, m, k) or "B" over (b, k, n): read in place if it is strided, else element
   * by element.
   */
  private String gemmOperand(Operand operand, String side) {
    boolean first = side.equals("A");
    Operand read = first ? stored(operand) : operand;
    Optional<Strides> strided = Strides.of(program, read);
    if (strided.isEmpty()) {
      List<String> names = first ? List.of("b", "m", "k") : List.of("b", "k", "n");
      return "ait::Elem" + side + "{" + lambda(operand, names) + "}";
    }
    Strides s = strided.get();
    boolean rows = first && (s.steps().get(2).is(1) || operand.axes().get(2).extent().is(1));
    List<Dim> steps = rows ? s.steps().subList(0, 2) : s.steps();
    return (rows ? "ait::RowsA{" : "ait::Strided" + side + "{")
        + base(read, s)
        + ", "
        + values(numbers::spell, steps.toArray(Dim[]::new))
        + "}";
  }

  /** Prints a function of the operand's axes and returns its name. */
  private String lambda(Operand operand, List<String> axes) {
    ExprPrinter exprs = new ExprPrinter(out, parameters.names(), symbols);
    exprs.coefficients(numbers::spell);
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      exprs.bind(operand.axes().get(i), axes.get(i).isEmpty() ? "0" : axes.get(i));
      if (!axes.get(i).isEmpty()) {
        arguments.add("int64_t " + axes.get(i));
      }
    }
    if (operand.value().hasAccumulator()) {
      exprs.accumulator("score");
      arguments.add("float score");
    }
    String name = "element_" + axes.getLast();
    out.open(
        "auto "
            + name
            + " = [&]("
            + String.join(", ", arguments)
            + ") __attribute__((always_inline)) -> float");
    symbols.declare(out);
    String value = exprs.print(FlatStage.flatten(program, operand.value()));
    out.line("return " + value + ";");
    out.close(";");
    return name;
  }

  private void attention(TemplateKernel kernel, Template.Attention a) {
    Dim[] sizes = {
      a.batch(), a.heads(), a.kvHeads(), a.queryLength(), a.keyLength(), a.headDim(), a.valueDim()
    };
    String scale = Float.toHexString((float) a.scale()) + "f";
    out.line(
        "ait::Sdpa sdpa{"
            + values(numbers::spell, sizes)
            + ", "
            + scale
            + ", "
            + a.causal()
            + "};");
    String[] names = {"q", "k", "v"};
    String[] suffixes = {"b", "h", "l", "d"};
    for (int i = 0; i < 3; i++) {
      Operand operand = stored(kernel.operands().get(i));
      Strides s = Strides.of(program, operand).orElseThrow();
      out.line("sdpa." + names[i] + " = " + base(operand, s) + ";");
      for (int d = 0; d < 4; d++) {
        String step = numbers.spell(s.steps().get(d));
        out.line("sdpa." + names[i] + "_s" + suffixes[d] + " = " + step + ";");
      }
    }
    if (!a.hiddenIsZero()) {
      out.line("sdpa.hidden_is_zero = false;");
    }
    String mask =
        kernel.operands().size() < 4
            ? "ait::NoMask{}"
            : lambda(withoutScore(kernel.operands().get(3)), List.of("b", "h", "i", "j"));
    String function = SharedKernels.attention(SharedKernels.element(kernel));
    out.line(function + "(cx.ex, sdpa, " + mask + ", epilogue);");
  }

  /** What is only added to each score is said as that: the kernel adds by itself, in vectors. */
  private static Operand withoutScore(Operand scores) {
    return scores.value() instanceof Expr.Binary(BinaryOp op, DType type, Expr left, Expr right)
            && op == BinaryOp.ADD
            && left instanceof Expr.Accumulator
            && !right.hasAccumulator()
        ? scores.withValue(right)
        : scores;
  }

  /** Elements of a packed operand, as a C++ expression. */
  static String packedSize(Template template) {
    return switch (template) {
      case Template.Gemm g -> "ait::packed_b_size(" + values(Dim::toString, g.k(), g.n()) + ")";
      case Template.Conv c -> packedSize(c);
      case Template.Attention a -> throw new IllegalStateException("attention packs nothing");
    };
  }

  private static String packedSize(Template.Conv c) {
    String size =
        SharedKernels.isWinograd(c)
            ? "ait::packed_winograd_size<" + c.algorithm().tile() + ">"
            : "ait::packed_conv_size";
    return size + "(" + geometry(weight(c), Dim::toString) + ")";
  }
}
