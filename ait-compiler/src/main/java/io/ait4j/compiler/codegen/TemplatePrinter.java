package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints the instantiation of a hand-written kernel: its operands, its epilogue, the call. */
final class TemplatePrinter {
  private TemplatePrinter() {}

  static KernelText print(Program program, TemplateKernel kernel) {
    Parameters parameters = Parameters.of(program, kernel);
    CodeWriter out = new CodeWriter();
    EpiloguePrinter.print(program, kernel, parameters, out);
    out.open("static void @" + parameters.signature());
    out.line(
        "const @_Epilogue epilogue{"
            + String.join(", ", prepend("cx", parameters.names().values()))
            + "};");
    String packed = parameters.names().get(kernel.packed());
    switch (kernel.template()) {
      case Template.Gemm g -> {
        String a = gemmOperand(program, kernel.operands().get(0), "A", parameters, out);
        String b =
            packed != null
                ? "ait::PackedB{" + packed + ", 0}"
                : gemmOperand(program, kernel.operands().get(1), "B", parameters, out);
        out.line(
            "ait::gemm(cx.ex, "
                + values(g.batch(), g.m(), g.n(), g.k())
                + ", "
                + a
                + ", "
                + b
                + ", epilogue);");
      }
      case Template.Conv2d c -> {
        out.line("ait::Conv2d conv = " + geometry(c) + ";");
        Strides x = strides(program, kernel.operands().getFirst()).orElseThrow();
        out.line("conv.x = " + parameters.names().get(x.buffer) + " + " + x.offset.value() + ";");
        out.line(
            "conv.xs_n = "
                + x.steps.get(0).value()
                + ", conv.xs_h = "
                + x.steps.get(2).value()
                + ", conv.xs_w = "
                + x.steps.get(3).value()
                + ";");
        out.line("conv.w = " + packed + ";");
        out.line("ait::conv2d(cx.ex, conv, epilogue);");
      }
      case Template.Attention a -> attention(program, kernel, a, parameters, out);
    }
    out.close();
    return new KernelText(out.toString(), parameters.order());
  }

  static KernelText print(Program program, PackKernel kernel) {
    Parameters parameters = Parameters.of(program, kernel);
    CodeWriter out = new CodeWriter();
    out.open("static void @" + parameters.signature());
    String target = parameters.names().get(kernel.target());
    switch (kernel.template()) {
      case Template.Gemm g -> {
        String element = lambda(program, kernel.operand(), List.of("", "k", "n"), parameters, out);
        out.line(
            "ait::pack_b(cx.ex, " + values(g.k(), g.n()) + ", " + element + ", " + target + ");");
      }
      case Template.Conv2d c -> {
        String element =
            lambda(program, kernel.operand(), List.of("oc", "ic", "kh", "kw"), parameters, out);
        out.line("const ait::Conv2d conv = " + geometry(c) + ";");
        out.line("ait::pack_conv(cx.ex, conv, " + element + ", " + target + ");");
      }
      case Template.Attention a -> throw new IllegalStateException("attention packs nothing");
    }
    out.close();
    return new KernelText(out.toString(), parameters.order());
  }

  private static List<String> prepend(String first, java.util.Collection<String> rest) {
    List<String> all = new ArrayList<>();
    all.add(first);
    all.addAll(rest);
    return all;
  }

  private static String values(Dim... dims) {
    return java.util.Arrays.stream(dims)
        .map(d -> Long.toString(d.value()))
        .collect(Collectors.joining(", "));
  }

  /**
   * The C++ expression of a convolution's shape, its pointers and strides left out but for the
   * channel stride.
   */
  static String geometry(Template.Conv2d c) {
    return "ait::Conv2d{"
        + values(c.n(), c.h(), c.w(), c.c(), c.oh(), c.ow(), c.oc())
        + ", "
        + c.kh()
        + ", "
        + c.kw()
        + ", "
        + c.strideH()
        + ", "
        + c.strideW()
        + ", "
        + c.padH()
        + ", "
        + c.padW()
        + ", "
        + c.dilationH()
        + ", "
        + c.dilationW()
        + ", "
        + c.groups()
        + ", nullptr, 0, 0, 0, nullptr, "
        + c.channelStride()
        + "}";
  }

  /** A load that is affine in its operand's axes. */
  private record Strides(String buffer, Dim offset, List<Dim> steps) {}

  private static Optional<Strides> strides(Program program, Operand operand) {
    if (!(FlatStage.flatten(program, operand.value()) instanceof Expr.Load load)
        || !load.bindings().isEmpty()) {
      return Optional.empty();
    }
    Dim address = load.index().getFirst();
    List<Dim> steps = new ArrayList<>();
    for (Dim.Symbol axis : operand.axes()) {
      Optional<Dim> step = axis.extent().is(1) ? Optional.of(Dim.ZERO) : address.coefficient(axis);
      if (step.isEmpty() || !step.get().isConst()) {
        return Optional.empty();
      }
      steps.add(step.get());
    }
    return Optional.of(
        new Strides(
            load.buffer(),
            address.substitute(s -> operand.axes().contains(s) ? Dim.ZERO : null),
            steps));
  }

  /**
   * Operand "A" over (b, m, k) or "B" over (b, k, n): read in place if it is strided, else element
   * by element.
   */
  private static String gemmOperand(
      Program program, Operand operand, String side, Parameters parameters, CodeWriter out) {
    Optional<Strides> strided = strides(program, operand);
    if (strided.isEmpty()) {
      List<String> names = side.equals("A") ? List.of("b", "m", "k") : List.of("b", "k", "n");
      return "ait::Elem" + side + "{" + lambda(program, operand, names, parameters, out) + "}";
    }
    Strides s = strided.get();
    String base = parameters.names().get(s.buffer) + " + " + s.offset.value();
    String steps =
        s.steps.stream().map(d -> Long.toString(d.value())).collect(Collectors.joining(", "));
    boolean rows =
        side.equals("A") && (s.steps.get(2).is(1) || operand.axes().get(2).extent().is(1));
    return rows
        ? "ait::RowsA{" + base + ", " + s.steps.get(0).value() + ", " + s.steps.get(1).value() + "}"
        : "ait::Strided" + side + "{" + base + ", " + steps + "}";
  }

  /** Prints a function of the operand's axes and returns its name. */
  private static String lambda(
      Program program, Operand operand, List<String> axes, Parameters parameters, CodeWriter out) {
    ExprPrinter exprs = new ExprPrinter(out, parameters.names());
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      exprs.bind(operand.axes().get(i), axes.get(i).isEmpty() ? "0" : axes.get(i));
      if (!axes.get(i).isEmpty()) {
        arguments.add("int64_t " + axes.get(i));
      }
    }
    String name = "element_" + axes.getLast();
    out.open(
        "auto "
            + name
            + " = [&]("
            + String.join(", ", arguments)
            + ") __attribute__((always_inline)) -> float");
    out.line("return " + exprs.print(FlatStage.flatten(program, operand.value())) + ";");
    out.close(";");
    return name;
  }

  private static void attention(
      Program program,
      TemplateKernel kernel,
      Template.Attention a,
      Parameters parameters,
      CodeWriter out) {
    out.line(
        "ait::Sdpa sdpa{"
            + values(
                a.batch(),
                a.heads(),
                a.kvHeads(),
                a.queryLength(),
                a.keyLength(),
                a.headDim(),
                a.valueDim())
            + ", "
            + Float.toHexString((float) a.scale())
            + "f, "
            + a.causal()
            + "};");
    String[] names = {"q", "k", "v"};
    String[] suffixes = {"b", "h", "l", "d"};
    for (int i = 0; i < 3; i++) {
      Strides s = strides(program, kernel.operands().get(i)).orElseThrow();
      out.line(
          "sdpa."
              + names[i]
              + " = "
              + parameters.names().get(s.buffer)
              + " + "
              + s.offset.value()
              + ";");
      for (int d = 0; d < 4; d++) {
        out.line("sdpa." + names[i] + "_s" + suffixes[d] + " = " + s.steps.get(d).value() + ";");
      }
    }
    String mask =
        kernel.operands().size() < 4
            ? "ait::NoMask{}"
            : lambda(
                program, kernel.operands().get(3), List.of("b", "h", "i", "j"), parameters, out);
    out.line("ait::sdpa(cx.ex, sdpa, " + mask + ", epilogue);");
  }

  /** Which headers a template needs. */
  static String header(Template template) {
    return switch (template) {
      case Template.Gemm g -> "gemm.h";
      case Template.Conv2d c -> "conv.h";
      case Template.Attention a -> "attention.h";
    };
  }

  /** Elements of a packed operand, as a C++ expression. */
  static String packedSize(Template template) {
    return switch (template) {
      case Template.Gemm g -> "ait::packed_b_size(" + values(g.k(), g.n()) + ")";
      case Template.Conv2d c -> "ait::packed_conv_size(" + geometry(c) + ")";
      case Template.Attention a -> throw new IllegalStateException("attention packs nothing");
    };
  }
}
