package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.codegen.Cpp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What computes the sums of products, convolutions and attention: C++ files that no program has a
 * part in, so that each is compiled once for all of them. A program's own kernels hand their
 * operands and epilogues to these (see {@code gemm.h}).
 */
final class SharedKernels {
  private SharedKernels() {}

  /** The files that these kernels of a program call functions of, by name. */
  static Map<String, String> files(Collection<Kernel> kernels) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Kernel kernel : kernels) {
      // Hand-written functions may multiply matrices as well.
      if (kernel instanceof TemplateKernel || kernel instanceof FunctionKernel) {
        files.put(
            "products.cpp",
            "#define AIT_SHARED_PRODUCTS\n#include \"microkernel.h\"\n#include \"gemm_impl.h\"\n");
      }
      if (kernel instanceof TemplateKernel template) {
        switch (template.template()) {
          case Template.Gemm g -> {}
          case Template.Conv c ->
              put(
                  files,
                  isWinograd(c)
                      ? "winograd" + c.algorithm().tile()
                      : c.isDepthwise() ? "depthwise" + channelsOfGroup(c) : "convolution",
                  isWinograd(c) ? "winograd" : c.isDepthwise() ? "dwconv" : "conv",
                  function(c, element(template)),
                  isWinograd(c) || c.isDepthwise()
                      ? "const ait::Conv&"
                      : "const ait::Conv&, const ait::AnyPacked&",
                  element(template));
          case Template.Attention a ->
              put(
                  files,
                  "attention",
                  "attention",
                  attention(element(template)),
                  "const ait::Sdpa&, const ait::AnyMask&",
                  element(template));
        }
      }
    }
    return files;
  }

  private static void put(
      Map<String, String> files,
      String file,
      String header,
      String function,
      String problem,
      DType element) {
    files.put(
        file + (element == DType.FLOAT32 ? "" : "_" + element.torchName()) + ".cpp",
        "#include \"%s_impl.h\"\ntemplate void %s(const ait::Executor&, %s, const ait::AnyEpilogue&);\n"
            .formatted(header, function, problem));
  }

  /** What a template's first operand is in memory. */
  static DType element(TemplateKernel kernel) {
    return stored(kernel.operands().getFirst().value()).dtype();
  }

  /** What is loaded: halves are widened on the way. */
  static Expr stored(Expr operand) {
    return operand instanceof Expr.Cast(DType dtype, Expr half)
            && dtype == DType.FLOAT32
            && half instanceof Expr.Load
            && Halves.isHalf(half.dtype())
        ? half
        : operand;
  }

  /**
   * The function for a convolution of an image of {@code element}. Naming it, which {@code conv()}
   * would choose at run time, spares compiling the others.
   */
  static String function(Template.Conv c, DType element) {
    String type = Cpp.memory(element);
    return isWinograd(c)
        ? "ait::winograd<" + c.algorithm().tile() + ", " + type + ">"
        : c.isDepthwise()
            ? "ait::dwconv<" + channelsOfGroup(c) + ", " + type + ">"
            : "ait::dense_conv<" + type + ">";
  }

  static String attention(DType element) {
    return "ait::sdpa<" + Cpp.memory(element) + ">";
  }

  static boolean isWinograd(Template.Conv c) {
    return c.algorithm() != Template.Algorithm.DIRECT;
  }

  /** As {@code dw_group} in {@code dwconv.h}. */
  private static long channelsOfGroup(Template.Conv c) {
    long channels = c.c().value() / c.groups();
    Template.Window depth = c.window().getFirst();
    Template.Window width = c.window().getLast();
    boolean usual =
        c.c().equals(c.oc())
            && width.kernel() == 3
            && width.dilation() == 1
            && width.stride() <= 2
            && depth.kernel() == 1
            && depth.stride() == 1
            && depth.pad() == 0;
    return usual && (channels == 2 || channels == 4 || channels == 8) ? channels : 1;
  }
}
