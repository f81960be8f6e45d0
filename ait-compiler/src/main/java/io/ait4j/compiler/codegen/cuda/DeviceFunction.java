package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.codegen.CodeWriter;
import io.ait4j.compiler.codegen.ExprPrinter;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * A function on the device while it is printed.
 *
 * @param out its text
 * @param exprs prints expressions into it
 * @param index the types of its places and counts
 */
record DeviceFunction(CodeWriter out, ExprPrinter exprs, IndexWidth index) {

  void line(String text, Object... arguments) {
    out.line(text.formatted(arguments));
  }

  void open(String head, Object... arguments) {
    out.open(head.formatted(arguments));
    exprs.push();
  }

  void close() {
    exprs.pop();
    out.close();
  }

  /** A size as a count. */
  String count(Dim size) {
    return size.isConst() && index == IndexWidth.NARROW
        ? size.value() + "u"
        : index.count() + "(" + exprs.index(size) + ")";
  }

  /**
   * Declares where on each axis the point {@code flat} lies, which counts them row by row, {@code
   * step} neighbours on the last axis as one.
   */
  void places(List<Dim.Symbol> axes, String flat, int step) {
    String rest = flat;
    for (int i = axes.size() - 1; i >= 0; i--) {
      Dim.Symbol axis = axes.get(i);
      boolean stepped = step > 1 && i == axes.size() - 1;
      String place = rest;
      if (i > 0) {
        String extent = count(axis.extent()) + (stepped ? " / " + step : "");
        place = rest + " % (" + extent + ")";
        String next = exprs.fresh("rest");
        line("const %s %s = %s / (%s);", index.count(), next, rest, extent);
        rest = next;
      }
      line(
          "const %s %s = %s(%s)%s;",
          index.type(), exprs.name(axis), index.type(), place, stepped ? " * " + step : "");
    }
  }

  /**
   * Begins a loop over the points of {@code axes} that the lanes of a group share, {@code step}
   * neighbours on the last axis at once; {@link #close} ends it as often as this returns.
   */
  int walk(List<Dim.Symbol> axes, String lane, int lanes, int step) {
    if (lanes == 1) {
      for (Dim.Symbol axis : axes) {
        int by = axis == axes.getLast() ? step : 1;
        String name = exprs.name(axis);
        open(
            "for (%s %s = 0; %s < %s; %s += %d)",
            index.type(), name, name, exprs.index(axis.extent()), name, by);
      }
      return axes.size();
    }
    if (axes.isEmpty()) {
      open("if (%s == 0)", lane);
      return 1;
    }
    line("#pragma unroll 4"); // so many loads are on their way at once
    if (axes.size() == 1) {
      String name = exprs.name(axes.getFirst());
      open(
          "for (%s %s = %s%s; %s < %s; %s += %d)",
          index.type(),
          name,
          lane,
          step == 1 ? "" : " * " + step,
          name,
          exprs.index(axes.getFirst().extent()),
          name,
          lanes * step);
    } else {
      String flat = exprs.fresh("flat");
      List<String> sizes = new ArrayList<>();
      axes.forEach(a -> sizes.add(count(a.extent())));
      open(
          "for (%s %s = %s; %s < %s%s; %s += %d)",
          index.count(),
          flat,
          lane,
          flat,
          String.join(" * ", sizes),
          step == 1 ? "" : " / " + step,
          flat,
          lanes);
      places(axes, flat, step);
    }
    return 1;
  }
}
