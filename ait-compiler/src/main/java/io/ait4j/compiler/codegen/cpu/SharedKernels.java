package io.ait4j.compiler.codegen.cpu;

import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
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

  /** The files that these kernels call functions of, by name. */
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
          case Template.Conv c when isWinograd(c) -> {
            int tile = c.algorithm().tile();
            files.put("winograd" + tile + ".cpp", instance("winograd", tile));
          }
          case Template.Conv c when isDepthwise(c) -> {
            long channels = channelsOfGroup(c);
            files.put("depthwise" + channels + ".cpp", instance("dwconv", channels));
          }
          case Template.Conv c -> files.put("convolution.cpp", "#include \"conv_impl.h\"\n");
          case Template.Attention a ->
              files.put("attention.cpp", "#include \"attention_impl.h\"\n");
        }
      }
    }
    return files;
  }

  private static String instance(String name, long argument) {
    return "#include \"%s_impl.h\"\ntemplate void ait::%s<%d>(%s);\n"
        .formatted(
            name,
            name,
            argument,
            "const ait::Executor&, const ait::Conv&, const ait::AnyEpilogue&");
  }

  /**
   * The function for a convolution. Naming it, which {@code conv()} would choose at run time,
   * spares compiling the others.
   */
  static String function(Template.Conv c) {
    return isWinograd(c)
        ? "ait::winograd<" + c.algorithm().tile() + ">"
        : isDepthwise(c) ? "ait::dwconv<" + channelsOfGroup(c) + ">" : "ait::dense_conv";
  }

  static boolean isWinograd(Template.Conv c) {
    return c.algorithm() != Template.Algorithm.DIRECT;
  }

  /** As {@code conv_is_depthwise} in {@code dwconv.h}, by which packing chooses its order. */
  private static boolean isDepthwise(Template.Conv c) {
    long inputs = c.c().value() / c.groups();
    long outputs = c.oc().value() / c.groups();
    Template.Window depth = c.window().getFirst();
    boolean deep = depth.kernel() != 1 || depth.stride() != 1 || depth.pad() != 0;
    return c.groups() > 1
        && c.channelStride().is(1)
        && (deep ? inputs == 1 && outputs == 1 : inputs <= 8 && (inputs == 1 || outputs <= 8));
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
