package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * In which order, from the outermost to the innermost, the dimensions of images lie in memory. A
 * convolution has its channels innermost, whichever dimension of the buffer they are; what shares a
 * loop with an image has its dimensions in the order in which that loop's axes run over the image.
 */
final class ImageOrders {
  private final Program program;
  private final Map<String, List<Integer>> orders = new LinkedHashMap<>();

  /** How many dimensions images have here. */
  private final Set<Integer> imageRanks = new HashSet<>();

  ImageOrders(Program program) {
    this.program = program;
  }

  /** The orders of all images, by their buffers' names. */
  Map<String, List<Integer>> find() {
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel template
          && template.template() instanceof Template.Conv) {
        Operand image = template.operands().getFirst();
        image.value().loads().forEach(load -> imageRanks.add(load.index().size()));
        imageRanks.add(template.epilogue().index().size());
        List<Dim.Symbol> axes = new ArrayList<>(image.axes());
        axes.add(axes.remove(1));
        image.value().loads().forEach(load -> order(load.buffer(), load.index(), ranks(axes)));
        Stage epilogue = template.epilogue();
        order(epilogue.target(), epilogue.index(), ranks(epilogue.axes()));
      }
    }
    int known;
    do {
      known = orders.size();
      for (Kernel kernel : program.kernels()) {
        switch (kernel) {
          case LoopKernel loop -> loop.stages().forEach(this::spread);
          case TemplateKernel template -> spread(template.epilogue());
          // What a function makes of a layout is its own affair: it reads and writes strides.
          case Kernel other -> {}
        }
      }
    } while (orders.size() > known);
    return orders;
  }

  private static Map<Dim.Symbol, Integer> ranks(List<Dim.Symbol> axes) {
    Map<Dim.Symbol, Integer> ranks = new HashMap<>();
    axes.forEach(axis -> ranks.put(axis, ranks.size()));
    return ranks;
  }

  private void spread(Stage stage) {
    List<Expr.Load> loads = stage.body().loads();
    Map<Dim.Symbol, Integer> ranks = ranks(stage.target(), stage.index());
    for (Expr.Load load : loads) {
      Map<Dim.Symbol, Integer> others = ranks(load.buffer(), load.index());
      ranks = others.size() > ranks.size() ? others : ranks;
    }
    if (!ranks.isEmpty()) {
      order(stage.target(), stage.index(), ranks);
      for (Expr.Load load : loads) {
        order(load.buffer(), load.index(), ranks);
      }
    }
  }

  /** The axes that run over an image, ranked by its order; none if it has none yet. */
  private Map<Dim.Symbol, Integer> ranks(String buffer, List<Dim> index) {
    Map<Dim.Symbol, Integer> ranks = new HashMap<>();
    for (int d : orders.getOrDefault(buffer, List.of())) {
      index.get(d).symbols().forEach(axis -> ranks.putIfAbsent(axis, ranks.size()));
    }
    return ranks;
  }

  /** Orders a buffer's dimensions by their axes; those that no axis runs over go first. */
  private void order(String name, List<Dim> index, Map<Dim.Symbol, Integer> ranks) {
    Buffer buffer = program.buffer(name);
    if (buffer.role() == Buffer.Role.TEMP
        && imageRanks.contains(buffer.shape().size())
        && !orders.containsKey(name)) {
      orders.put(
          name,
          IntStream.range(0, index.size())
              .boxed()
              .sorted(Comparator.comparingInt(d -> rank(index.get(d), ranks)))
              .toList());
    }
  }

  private static int rank(Dim index, Map<Dim.Symbol, Integer> ranks) {
    return index.symbols().stream().mapToInt(s -> ranks.getOrDefault(s, -1)).max().orElse(-1);
  }
}
