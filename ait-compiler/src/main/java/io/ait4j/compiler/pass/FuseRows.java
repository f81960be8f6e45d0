package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Vertical fusion across reductions: loops that agree on their outer iteration space become stages
 * of one kernel, which takes each row through all of them while it is in the nearest cache. Softmax
 * and the norms become one kernel this way.
 */
final class FuseRows implements Pass {
  /** A private row lives on the stack up to this many elements. */
  private static final long MAX_LOCAL = 4096;

  /** Fewer rows than this leave threads idle, unless a row is short. */
  private static final long MIN_ROWS = 2;

  private static final long SHORT_ROW = 16384;

  @Override
  public Program run(Program program) {
    Program current = program;
    boolean changed = true;
    while (changed) { // what is fused may have stood between two others
      changed = false;
      int at = 0;
      while (at < current.kernels().size()) {
        Optional<Program> fused = fuseInto(current, current.kernels().get(at));
        if (fused.isPresent()) {
          current = fused.get();
          changed = true;
          at--; // the fused kernel's place, since its producer stood before it
        } else {
          at++;
        }
      }
    }
    return localise(current);
  }

  private static Optional<Program> fuseInto(Program program, Kernel kernel) {
    if (!(kernel instanceof LoopKernel consumer)) {
      return Optional.empty();
    }
    Set<String> reads = consumer.reads();
    for (Kernel candidate : program.kernels()) {
      if (candidate == consumer) {
        break;
      }
      if (candidate instanceof LoopKernel producer
          && producer.writes().stream().anyMatch(reads::contains)) {
        Optional<LoopKernel> fused = fuse(program, producer, consumer);
        if (fused.isPresent() && isMovable(program, producer, consumer)) {
          List<Kernel> kernels = new ArrayList<>();
          for (Kernel k : program.kernels()) {
            if (k == consumer) {
              kernels.add(fused.get());
            } else if (k != producer) {
              kernels.add(k);
            }
          }
          return Optional.of(program.withKernels(kernels));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether nothing between the two needs what the producer writes, so that it can run as late as
   * the consumer.
   */
  private static boolean isMovable(Program program, LoopKernel producer, LoopKernel consumer) {
    boolean between = false;
    for (Kernel kernel : program.kernels()) {
      if (kernel == consumer) {
        return true;
      }
      if (between
          && (producer.writes().stream().anyMatch(kernel.reads()::contains)
              || producer.writes().stream().anyMatch(kernel.writes()::contains))) {
        return false;
      }
      between |= kernel == producer;
    }
    return false;
  }

  private static Optional<LoopKernel> fuse(
      Program program, LoopKernel producer, LoopKernel consumer) {
    boolean folds = producer.writes().stream().allMatch(b -> program.buffer(b).isConstant());
    if (folds != consumer.writes().stream().allMatch(b -> program.buffer(b).isConstant())) {
      return Optional.empty();
    }
    if (producer.stages().stream().noneMatch(s -> s.body().hasReduce())
        && consumer.stages().stream().noneMatch(s -> s.body().hasReduce())) {
      return Optional.empty();
    }
    Map<Dim.Symbol, Dim.Symbol> outer = matchOuter(program, producer, consumer);
    if (outer == null || outer.isEmpty()) {
      return Optional.empty();
    }
    Dim rows = Dim.product(outer.keySet().stream().map(Dim.Symbol::extent).toList());
    Dim all =
        Dim.product(
            axesOf(consumer.stages().getLast(), consumer).stream()
                .map(Dim.Symbol::extent)
                .toList());
    if (LikelySizes.of(rows) < MIN_ROWS && LikelySizes.of(all) > SHORT_ROW) {
      return Optional.empty();
    }
    List<Dim.Symbol> outerAxes = List.copyOf(outer.values());
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : producer.stages()) {
      List<Dim.Symbol> inner = stage.axes().stream().filter(a -> !outer.containsKey(a)).toList();
      stages.add(stage.reindex(inner, s -> outer.containsKey(s) ? Dim.of(outer.get(s)) : null));
    }
    for (Stage stage : consumer.stages()) {
      List<Dim.Symbol> inner = stage.axes().stream().filter(a -> !outerAxes.contains(a)).toList();
      stages.add(new Stage(inner, stage.target(), stage.index(), stage.body()));
    }
    Set<String> origins = new LinkedHashSet<>(producer.origins());
    origins.addAll(consumer.origins());
    return Optional.of(new LoopKernel(consumer.name(), outerAxes, stages, List.copyOf(origins)));
  }

  private static List<Dim.Symbol> axesOf(Stage stage, LoopKernel kernel) {
    List<Dim.Symbol> axes = new ArrayList<>(kernel.outer());
    axes.addAll(stage.axes());
    return axes;
  }

  /**
   * The axes of the producer that become the outer axes, each with the consumer's axis it equals:
   * for every buffer between the two, each load must be at exactly the outer point at which the
   * element is stored. Null if there is no such choice.
   */
  private static Map<Dim.Symbol, Dim.Symbol> matchOuter(
      Program program, LoopKernel producer, LoopKernel consumer) {
    Map<Dim.Symbol, Dim.Symbol> match = null;
    List<Dim.Symbol> available =
        consumer.stages().size() == 1 ? axesOf(consumer.stage(), consumer) : consumer.outer();
    for (Stage written : producer.stages()) {
      List<Expr.Load> loads = new ArrayList<>();
      consumer
          .stages()
          .forEach(
              s ->
                  s.body().loads().stream()
                      .filter(l -> l.buffer().equals(written.target()))
                      .forEach(loads::add));
      if (loads.isEmpty()) {
        continue;
      }
      if (program.writers().get(written.target()).size() > 1) {
        return null;
      }
      Map<Dim.Symbol, Dim.Symbol> here =
          matchLoads(producer, written, loads, available, program.buffer(written.target()));
      if (here == null) {
        return null;
      }
      if (match == null) {
        match = here;
      } else {
        match.entrySet().retainAll(here.entrySet());
      }
    }
    if (match == null) {
      return null;
    }
    // The outer axes of kernels that already have stages are settled: both sides must keep exactly
    // theirs.
    if (producer.stages().size() > 1 || !producer.outer().isEmpty()) {
      match.keySet().retainAll(producer.outer());
      if (match.size() != producer.outer().size()) {
        return null;
      }
    }
    if (consumer.stages().size() > 1 || !consumer.outer().isEmpty()) {
      match.values().retainAll(consumer.outer());
      if (match.size() != consumer.outer().size()) {
        return null;
      }
    }
    return new LinkedHashMap<>(match);
  }

  private static Map<Dim.Symbol, Dim.Symbol> matchLoads(
      LoopKernel producer,
      Stage written,
      List<Expr.Load> loads,
      List<Dim.Symbol> available,
      Buffer buffer) {
    List<Dim.Symbol> axes = axesOf(written, producer);
    if (!Indices.isIdentity(axes, written.index())
        && Indices.inverse(axes, written.index(), buffer.shape()).isEmpty()) {
      return null;
    }
    Map<Dim.Symbol, Dim.Symbol> match = new LinkedHashMap<>();
    for (Dim.Symbol axis : axes) {
      Dim.Symbol partner = null;
      boolean same = true;
      for (Expr.Load load : loads) {
        Dim value = valueOf(axes, written, buffer, axis, load);
        Dim.Symbol found =
            value == null
                ? null
                : available.stream().filter(a -> value.equals(Dim.of(a))).findFirst().orElse(null);
        same &=
            found != null
                && (partner == null || partner.equals(found))
                && load.bindings().isEmpty();
        partner = found;
      }
      if (same
          && partner != null
          && !match.containsValue(partner)
          && partner.extent().equals(axis.extent())) {
        match.put(axis, partner);
      }
    }
    return match;
  }

  private static Dim valueOf(
      List<Dim.Symbol> axes, Stage written, Buffer buffer, Dim.Symbol axis, Expr.Load load) {
    return Indices.inverse(axes, written.index(), buffer.shape())
        .map(inverse -> inverse.apply(load.index()).get(axis))
        .orElse(null);
  }

  /** What only one kernel touches, row by row, becomes private to the row. */
  private static Program localise(Program program) {
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    Map<String, Integer> users = new HashMap<>();
    program.kernels().forEach(k -> k.buffers().forEach(b -> users.merge(b, 1, Integer::sum)));
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof LoopKernel loop && !loop.outer().isEmpty()) {
        for (Stage stage : loop.stages()) {
          Buffer buffer = buffers.get(stage.target());
          boolean own =
              users.get(buffer.name()) == 1
                  && (buffer.role() == Buffer.Role.TEMP || buffer.role() == Buffer.Role.FOLDED);
          if (own) {
            local(buffer, stage, loop.outer()).ifPresent(b -> buffers.put(b.name(), b));
          }
        }
      }
    }
    return program.withBuffers(buffers);
  }

  private static Optional<Buffer> local(Buffer buffer, Stage stage, List<Dim.Symbol> outer) {
    List<Dim> inner = new ArrayList<>();
    for (int d = 0; d < buffer.shape().size(); d++) {
      Dim index = stage.index().get(d);
      boolean isOuter = outer.stream().anyMatch(o -> index.equals(Dim.of(o)));
      if (!isOuter && index.symbols().stream().anyMatch(outer::contains)) {
        return Optional.empty();
      }
      inner.add(isOuter ? Dim.ONE : buffer.shape().get(d));
    }
    if (Dim.product(inner).max() > MAX_LOCAL) {
      return Optional.empty();
    }
    List<Dim> strides = new ArrayList<>(Sizes.rowMajor(inner));
    for (int d = 0; d < inner.size(); d++) {
      Dim index = stage.index().get(d);
      if (outer.stream().anyMatch(o -> index.equals(Dim.of(o)))) {
        strides.set(d, Dim.ZERO);
      }
    }
    return Optional.of(
        new Buffer(
            buffer.name(), buffer.dtype(), buffer.shape(), strides, Buffer.Role.LOCAL, null));
  }
}
