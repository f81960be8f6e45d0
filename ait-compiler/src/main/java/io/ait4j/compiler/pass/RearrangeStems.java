package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For tensor cores: a convolution of an image with a few channels, usually a network's first, reads
 * a copy of the image that suits them. Windows that do not overlap become the channels of one pixel
 * each, which leaves a plain product; else the image gets four or eight channels and its edges,
 * zeros where it has none.
 */
final class RearrangeStems implements Pass {
  private static final long STEP = 8; // halves that the copy engine steps by
  private static final long FEW = 4;

  /** What becomes of a convolution: its geometry, its operands, and what is stored for it. */
  private record Rearranged(Template.Conv conv, Operand image, Operand weight, LoopKernel copy) {}

  @Override
  public Program run(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template
          && template.template() instanceof Template.Conv conv
          && isStem(conv)
          && template.operands().getFirst().value().dtype() == DType.FLOAT32
          && !program.isConstant(kernel)
          && FoldScales.hasConstantWeight(program, template)) {
        Rearranged r =
            isPatches(conv) ? patches(template, conv, buffers) : filledUp(template, conv, buffers);
        kernels.add(r.copy);
        kernels.add(template.withTemplate(r.conv).withOperands(List.of(r.image, r.weight)));
      } else {
        kernels.add(kernel);
      }
    }
    return new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols());
  }

  private static boolean isStem(Template.Conv conv) {
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    return conv.groups() == 1
        && conv.c().isConst()
        && conv.c().value() < STEP
        && conv.c().value() > 0
        && conv.window().stream().allMatch(x -> x.out().min() > 0)
        && conv.window().getFirst().equals(Template.Window.NONE)
        && (isPatches(conv)
            || h.dilation() == 1 && w.dilation() == 1 && w.kernel() <= 8 && conv.taps() > 1);
  }

  private static boolean isPatches(Template.Conv conv) {
    return conv.taps() > 1
        && conv.window().stream()
            .allMatch(
                w ->
                    w.kernel() == w.stride()
                        && w.pad() == 0
                        && w.dilation() == 1
                        && w.out().times(w.stride()).equals(w.in()));
  }

  private static Rearranged patches(
      TemplateKernel kernel, Template.Conv conv, Map<String, Buffer> buffers) {
    List<Template.Window> windows = conv.window();
    Dim channels = conv.c().times(conv.taps());
    Template.Conv product =
        new Template.Conv(
            conv.n(),
            channels,
            conv.oc(),
            windows.stream().map(w -> new Template.Window(w.out(), w.out(), 1, 1, 0, 1)).toList(),
            1,
            Dim.ONE,
            conv.algorithm());
    Buffer image = image(kernel, product.image(), buffers);
    // A pixel of the image has a place in a window.
    List<Dim.Symbol> axes = axes("x", List.of(conv.n(), conv.c()));
    List<Dim.Symbol> places = axes("p", windows.stream().map(Template.Window::out).toList());
    List<Dim.Symbol> taps = axes("k", windows.stream().map(w -> Dim.of(w.kernel())).toList());
    List<Dim> from = new ArrayList<>(List.of(Dim.of(axes.get(0)), Dim.of(axes.get(1))));
    List<Dim> to = new ArrayList<>(List.of(Dim.of(axes.get(0)), Dim.ZERO));
    Dim channel = Dim.of(axes.get(1));
    for (int i = 0; i < 3; i++) {
      Dim place = Dim.of(places.get(i));
      from.add(place.times(windows.get(i).kernel()).plus(Dim.of(taps.get(i))));
      to.add(place);
      channel = channel.times(windows.get(i).kernel()).plus(Dim.of(taps.get(i)));
    }
    to.set(1, channel);
    List<Dim.Symbol> order = new ArrayList<>(List.of(axes.get(0)));
    order.addAll(places);
    order.add(axes.get(1));
    order.addAll(taps);
    Stage store = new Stage(order, image.name(), to, at(kernel.operands().get(0), from));

    List<Dim.Symbol> weightAxes = axes("w", product.weight());
    Dim rest = Dim.of(weightAxes.get(1));
    List<Dim> tap = new ArrayList<>();
    for (Template.Window w : windows.reversed()) {
      tap.addFirst(rest.mod(w.kernel()));
      rest = rest.floorDiv(w.kernel());
    }
    tap.addFirst(rest);
    tap.addFirst(Dim.of(weightAxes.get(0)));
    Operand weight = new Operand(weightAxes, at(kernel.operands().get(1), tap));
    return new Rearranged(product, read(image), weight, copy(kernel, image, store));
  }

  private static Rearranged filledUp(
      TemplateKernel kernel, Template.Conv conv, Map<String, Buffer> buffers) {
    Template.Window h = conv.window().get(1);
    Template.Window w = conv.window().get(2);
    long channels = conv.c().value() <= FEW && w.stride() * FEW % STEP == 0 ? FEW : STEP;
    Dim lines = h.out().minus(1).times(h.stride()).plus(h.kernel());
    Dim columns = w.out().minus(1).times(w.stride()).plus(w.kernel());
    columns = columns.ceilDiv(Dim.of(STEP / channels)).times(STEP / channels);
    Template.Conv filled =
        new Template.Conv(
            conv.n(),
            Dim.of(channels),
            conv.oc(),
            List.of(
                conv.window().getFirst(),
                new Template.Window(lines, h.out(), h.kernel(), h.stride(), 0, 1),
                new Template.Window(columns, w.out(), w.kernel(), w.stride(), 0, 1)),
            1,
            Dim.ONE,
            conv.algorithm());
    Buffer image = image(kernel, filled.image(), buffers);
    List<Dim.Symbol> axes = axes("x", filled.image());
    List<Dim> to = axes.stream().map(Dim::of).toList();
    List<Dim> from =
        List.of(
            to.get(0), to.get(1), to.get(2), to.get(3).minus(h.pad()), to.get(4).minus(w.pad()));
    Expr inside = Expr.within(to.get(1), Dim.ZERO, conv.c());
    inside = and(inside, Expr.within(from.get(3), Dim.ZERO, h.in()));
    inside = and(inside, Expr.within(from.get(4), Dim.ZERO, w.in()));
    List<Dim.Symbol> order =
        List.of(axes.get(0), axes.get(2), axes.get(3), axes.get(4), axes.get(1));
    Stage store =
        new Stage(order, image.name(), to, orZero(inside, at(kernel.operands().get(0), from)));

    List<Dim.Symbol> weightAxes = axes("w", filled.weight());
    List<Dim> tap = weightAxes.stream().map(Dim::of).toList();
    Expr value =
        orZero(Expr.within(tap.get(1), Dim.ZERO, conv.c()), at(kernel.operands().get(1), tap));
    return new Rearranged(
        filled, read(image), new Operand(weightAxes, value), copy(kernel, image, store));
  }

  private static Buffer image(TemplateKernel kernel, List<Dim> shape, Map<String, Buffer> buffers) {
    Dim[] strides = new Dim[shape.size()];
    Dim step = Dim.ONE;
    for (int d : new int[] {1, 4, 3, 2, 0}) { // channels innermost
      strides[d] = step;
      step = step.times(shape.get(d));
    }
    String name = kernel.name() + "_image";
    Buffer buffer =
        new Buffer(name, DType.FLOAT32, shape, List.of(strides), Buffer.Role.TEMP, null);
    buffers.put(name, buffer);
    return buffer;
  }

  /** The template's operand that reads all of {@code image}. */
  private static Operand read(Buffer image) {
    List<Dim.Symbol> axes = axes("i", image.shape());
    return new Operand(
        axes, new Expr.Load(image.name(), image.dtype(), axes.stream().map(Dim::of).toList()));
  }

  private static LoopKernel copy(TemplateKernel kernel, Buffer image, Stage store) {
    return new LoopKernel(image.name(), List.of(), List.of(store), kernel.origins());
  }

  private static List<Dim.Symbol> axes(String prefix, List<Dim> extents) {
    List<Dim.Symbol> axes = new ArrayList<>();
    for (Dim extent : extents) {
      axes.add(HeadSplit.axis(prefix + axes.size(), extent));
    }
    return axes;
  }

  /** What an operand is at {@code index}. */
  private static Expr at(Operand operand, List<Dim> index) {
    return operand
        .value()
        .substitute(
            s -> {
              int axis = operand.axes().indexOf(s);
              return axis < 0 ? null : index.get(axis);
            });
  }

  private static Expr and(Expr a, Expr b) {
    return a instanceof Expr.Literal
        ? b
        : b instanceof Expr.Literal ? a : Expr.binary(BinaryOp.AND, a, b);
  }

  private static Expr orZero(Expr condition, Expr value) {
    return condition instanceof Expr.Literal
        ? value
        : Expr.guarded(condition, value, Expr.literal(DType.FLOAT32, 0.0));
  }
}
