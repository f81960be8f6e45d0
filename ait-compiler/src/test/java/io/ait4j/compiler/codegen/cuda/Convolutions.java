package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.ir.Verifier;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program of one convolution over a square image.
 *
 * @param channelsLast how image and result lie in memory; weights lie accordingly
 * @param role of the image
 */
record Convolutions(
    DType type,
    Dim n,
    long c,
    long oc,
    long size,
    long kernel,
    long stride,
    long groups,
    boolean channelsLast,
    Buffer.Role role) {

  static Convolutions of(DType type, long n, long c, long oc, long size, long kernel) {
    return new Convolutions(type, Dim.of(n), c, oc, size, kernel, 1, 1, true, Buffer.Role.WEIGHT);
  }

  Convolutions grouped(long newGroups) {
    return new Convolutions(type, n, c, oc, size, kernel, stride, newGroups, channelsLast, role);
  }

  Convolutions strided(long newStride) {
    return new Convolutions(type, n, c, oc, size, kernel, newStride, groups, channelsLast, role);
  }

  Convolutions channelsFirst() {
    return new Convolutions(type, n, c, oc, size, kernel, stride, groups, false, role);
  }

  Convolutions input() {
    return new Convolutions(
        type, n, c, oc, size, kernel, stride, groups, channelsLast, Buffer.Role.INPUT);
  }

  Convolutions batch(Dim images) {
    return new Convolutions(type, images, c, oc, size, kernel, stride, groups, channelsLast, role);
  }

  Template.Conv template() {
    long pad = kernel / 2;
    Dim out = Dim.of((size + 2 * pad - kernel) / stride + 1);
    Template.Window window = new Template.Window(Dim.of(size), out, kernel, stride, pad, 1);
    return new Template.Conv(
        n,
        Dim.of(c),
        Dim.of(oc),
        List.of(Template.Window.NONE, window, window),
        groups,
        channelsLast ? Dim.ONE : Dim.of(size * size),
        Template.Algorithm.DIRECT);
  }

  private Buffer buffer(String name, List<Dim> shape, boolean inner, Buffer.Role role) {
    Buffer plain = new Buffer(name, type, shape, Sizes.rowMajor(shape), role, null);
    if (!inner) {
      return plain;
    }
    List<Dim> rotated = new ArrayList<>(shape);
    rotated.add(rotated.remove(1));
    List<Dim> strides = new ArrayList<>(Sizes.rowMajor(rotated));
    strides.add(1, strides.removeLast());
    return plain.withStrides(strides);
  }

  private static List<Dim.Symbol> axes(String prefix, List<Dim> extents) {
    List<Dim.Symbol> axes = new ArrayList<>();
    for (Dim extent : extents) {
      long last = extent.max() == Dim.UNBOUNDED ? Dim.UNBOUNDED : extent.max() - 1;
      axes.add(new Dim.Symbol(prefix + axes.size(), 0, last, extent));
    }
    return axes;
  }

  private Operand operand(String name, List<Dim> extents) {
    List<Dim.Symbol> axes = axes(name, extents);
    Expr load = new Expr.Load(name, type, axes.stream().map(Dim::of).toList());
    return new Operand(axes, Expr.cast(DType.FLOAT32, load));
  }

  Program program(Dim.Symbol... symbols) {
    Template.Conv conv = template();
    List<Dim> result = conv.result();
    List<Dim> stored = new ArrayList<>(result);
    stored.add(1, stored.removeLast());
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    buffers.put("image", buffer("image", conv.image(), channelsLast, role));
    buffers.put("weight", buffer("weight", conv.weight(), channelsLast, Buffer.Role.WEIGHT));
    buffers.put("out", buffer("out", stored, channelsLast, Buffer.Role.OUTPUT));
    List<Dim.Symbol> axes = axes("o", result);
    List<Dim> index = new ArrayList<>(axes.stream().map(Dim::of).toList());
    index.add(1, index.removeLast());
    TemplateKernel kernel =
        new TemplateKernel(
            "conv",
            conv,
            List.of(operand("image", conv.image()), operand("weight", conv.weight())),
            "",
            new Stage(axes, "out", index, Expr.cast(type, new Expr.Accumulator(DType.FLOAT32))),
            List.of());
    Program program =
        new Program(
            buffers,
            List.of(kernel),
            role == Buffer.Role.INPUT ? List.of("image") : List.of(),
            List.of("out"),
            List.of(symbols));
    Verifier.verify(program);
    return program;
  }

  CudaKernelText print(Dim.Symbol... symbols) {
    return print(new CudaTarget(List.of("sm_80")), symbols);
  }

  /** Where tensor cores may round floats. */
  CudaKernelText printRounded(CudaTarget target) {
    Program program = Rounded.of(program());
    return CudaConvPrinter.print(program, (TemplateKernel) program.kernels().getFirst(), target);
  }

  CudaKernelText print(CudaTarget target, Dim.Symbol... symbols) {
    Program program = program(symbols);
    return CudaConvPrinter.print(program, (TemplateKernel) program.kernels().getFirst(), target);
  }
}
