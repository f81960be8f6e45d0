package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.ReduceOp;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a program computes from no weight and no input, known without running it: positions, and
 * masks made of them. Truth values, integers of at most 32 bits of size and float32; anything else
 * is not known.
 *
 * <p>Axes may be given as {@link Interval}s: the result then holds the values at all of their
 * points.
 */
final class ConstantValues {
  private static final double LARGEST_INTEGER = Integer.MAX_VALUE;

  private final Program program;
  private final Map<String, List<Kernel>> writers;
  private final Map<String, Optional<Stage>> pointwise = new HashMap<>();
  private final Map<String, double[]> known = new HashMap<>();
  private long steps;

  ConstantValues(Program program) {
    this.program = program;
    this.writers = program.writers();
  }

  /** From now on at most so many steps, each a node or an element; no value is known after them. */
  void allow(long newSteps) {
    steps = newSteps;
  }

  /** Where the value of {@code e} lies while its axes, by name, lie there; empty if not known. */
  Optional<Interval> of(Expr e, Map<String, Interval> at) {
    try {
      return Optional.of(value(e, at));
    } catch (UnknownValue unknown) {
      return Optional.empty();
    }
  }

  private void spend(long more) {
    steps -= more;
    if (steps < 0) {
      throw new UnknownValue();
    }
  }

  private Interval value(Expr e, Map<String, Interval> at) {
    spend(1);
    return switch (e) {
      case Expr.Literal l ->
          checked(
              l.dtype(), Interval.of(l.dtype().isFloating() ? l.floating() : (double) l.integer()));
      case Expr.Index index -> checked(DType.INT64, Interval.of(index.value(), at));
      case Expr.Load load -> load(load, at);
      case Expr.Cast c -> cast(c.dtype(), value(c.operand(), at));
      case Expr.Select s -> {
        Interval condition = value(s.condition(), at).truth();
        yield condition.is(1)
            ? value(s.then(), at)
            : condition.is(0)
                ? value(s.otherwise(), at)
                : value(s.then(), at).or(value(s.otherwise(), at));
      }
      case Expr.Unary u -> unary(u, value(u.operand(), at));
      case Expr.Binary b ->
          checked(b.dtype(), binary(b, value(b.left(), at), value(b.right(), at)));
      case Expr.Reduce r -> reduce(r, at);
      case Expr.Accumulator a -> throw new UnknownValue();
    };
  }

  /** As the type holds it; a value that may be rounded or wrap around is not known. */
  private static Interval checked(DType dtype, Interval value) {
    if (dtype == DType.FLOAT32) {
      return value.map(x -> (float) x);
    }
    boolean exact =
        dtype == DType.BOOL
            || dtype.isInteger() && value.abs().high() <= LARGEST_INTEGER && dtype.bytes() >= 4;
    if (!exact) {
      throw new UnknownValue();
    }
    return value;
  }

  private static Interval cast(DType dtype, Interval value) {
    if (dtype == DType.BOOL) {
      return value.truth();
    }
    return checked(
        dtype, dtype.isInteger() ? value.map(x -> x < 0 ? Math.ceil(x) : Math.floor(x)) : value);
  }

  private static Interval unary(Expr.Unary u, Interval x) {
    return switch (u.op()) {
      case LOGICAL_NOT -> x.truth().not();
      case BITWISE_NOT ->
          u.dtype() == DType.BOOL ? x.not() : checked(u.dtype(), x.negated().plus(Interval.of(-1)));
      case NEG -> checked(u.dtype(), x.negated());
      case ABS -> checked(u.dtype(), x.abs());
      default -> throw new UnknownValue();
    };
  }

  private static Interval binary(Expr.Binary b, Interval x, Interval y) {
    boolean truth = b.left().dtype() == DType.BOOL;
    return switch (b.op()) {
      case EQ -> x.isEqual(y);
      case NE -> x.isEqual(y).not();
      case LT -> x.isBelow(y);
      case LE -> y.isBelow(x).not();
      case GT -> y.isBelow(x);
      case GE -> x.isBelow(y).not();
      case AND -> only(truth, x.min(y));
      case OR -> only(truth, x.max(y));
      case XOR -> only(truth, x.isEqual(y).not());
      case ADD -> only(!truth, x.plus(y));
      case SUB -> only(!truth, x.plus(y.negated()));
      case MUL -> x.times(y);
      case MAX -> x.max(y);
      case MIN -> x.min(y);
      default -> throw new UnknownValue();
    };
  }

  private static Interval only(boolean condition, Interval value) {
    if (!condition) {
      throw new UnknownValue();
    }
    return value;
  }

  private Interval reduce(Expr.Reduce r, Map<String, Interval> at) {
    if (r.op() == ReduceOp.SUM && !r.dtype().isInteger()) {
      throw new UnknownValue(); // the order of the terms matters
    }
    Interval[] sum = {
      switch (r.op()) {
        case SUM, ANY -> Interval.NO;
        case ALL -> Interval.YES;
        case PROD, MAX, MIN -> throw new UnknownValue();
      }
    };
    overAll(
        r.axes(),
        new HashMap<>(at),
        inner -> {
          Interval term = value(r.body(), inner);
          sum[0] =
              switch (r.op()) {
                case ANY -> sum[0].max(term);
                case ALL -> sum[0].min(term);
                default -> checked(r.dtype(), sum[0].plus(term));
              };
        });
    return sum[0];
  }

  private Interval load(Expr.Load load, Map<String, Interval> at) {
    Map<String, Interval> places = at;
    if (!load.bindings().isEmpty()) {
      places = new HashMap<>(at);
      for (Map.Entry<Dim.Symbol, Expr> binding : load.bindings().entrySet()) {
        places.put(binding.getKey().name(), value(binding.getValue(), at));
      }
    }
    Buffer buffer = program.buffer(load.buffer());
    List<Interval> box = box(buffer, load.index(), places);
    Optional<Stage> writer = pointwise.computeIfAbsent(buffer.name(), name -> pointwise(buffer));
    if (writer.isPresent()) {
      return value(writer.get().body(), points(writer.get(), box));
    }
    return within(content(buffer), buffer, box);
  }

  /** Where a read lies, which must be inside of the buffer. */
  private static List<Interval> box(Buffer buffer, List<Dim> index, Map<String, Interval> at) {
    List<Interval> box = new ArrayList<>();
    for (int d = 0; d < index.size(); d++) {
      Interval place = Interval.of(index.get(d), at);
      Dim size = buffer.shape().get(d);
      if (!size.isConst() || place.low() < 0 || place.high() >= size.value()) {
        throw new UnknownValue();
      }
      box.add(place);
    }
    return box;
  }

  /** The only writer, if each element follows from where it is: no need to compute the others. */
  private Optional<Stage> pointwise(Buffer buffer) {
    List<Kernel> kernels = writers.getOrDefault(buffer.name(), List.of());
    if (kernels.size() != 1
        || !(kernels.getFirst() instanceof LoopKernel loop)
        || !loop.outer().isEmpty()
        || loop.stages().size() != 1
        || loop.stage().body().hasReduce()
        || loop.stage().body().loads().stream().anyMatch(l -> l.buffer().equals(buffer.name()))) {
      return Optional.empty();
    }
    Set<Dim> axes = new HashSet<>();
    for (int d = 0; d < buffer.shape().size(); d++) {
      Dim place = loop.stage().index().get(d);
      Dim size = buffer.shape().get(d);
      if (!(place.is(0) ? size.is(1) : isAxis(place, size) && axes.add(place))) {
        return Optional.empty();
      }
    }
    return Optional.of(loop.stage());
  }

  private static boolean isAxis(Dim place, Dim size) {
    return place.symbols().size() == 1
        && place.equals(Dim.of(place.symbols().iterator().next()))
        && size.equals(place.symbols().iterator().next().extent());
  }

  private static Map<String, Interval> points(Stage stage, List<Interval> box) {
    Map<String, Interval> at = new HashMap<>();
    stage.axes().stream()
        .filter(axis -> axis.extent().is(1))
        .forEach(axis -> at.put(axis.name(), Interval.NO));
    for (int d = 0; d < box.size(); d++) {
      if (!stage.index().get(d).is(0)) {
        at.put(stage.index().get(d).symbols().iterator().next().name(), box.get(d));
      }
    }
    return at;
  }

  private Interval within(double[] content, Buffer buffer, List<Interval> box) {
    double[] ends = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    visit(
        buffer,
        box,
        0,
        position -> {
          spend(1);
          ends[0] = Math.min(ends[0], content[position]);
          ends[1] = Math.max(ends[1], content[position]);
        });
    return new Interval(ends[0], ends[1]);
  }

  private static void visit(Buffer buffer, List<Interval> box, long start, IntConsumer element) {
    if (box.isEmpty()) {
      element.accept(Math.toIntExact(start));
      return;
    }
    List<Dim> shape = buffer.shape();
    long size = shape.get(shape.size() - box.size()).value();
    Interval first = box.getFirst();
    for (long i = (long) first.low(); i <= (long) first.high(); i++) {
      visit(buffer, box.subList(1, box.size()), start * size + i, element);
    }
  }

  private double[] content(Buffer buffer) {
    double[] content = known.get(buffer.name());
    if (content == null) {
      known.put(buffer.name(), new double[0]); // meanwhile, and for ever if it is not known
      try {
        content = computed(buffer);
      } catch (UnknownValue unknown) {
        if (steps < 0) {
          known.remove(buffer.name()); // who has more of them left may learn it
        }
        throw unknown;
      }
      known.put(buffer.name(), content);
    }
    if (content.length == 0) {
      throw new UnknownValue();
    }
    return content;
  }

  private double[] computed(Buffer buffer) {
    List<Kernel> kernels = writers.getOrDefault(buffer.name(), List.of());
    Dim elements = Dim.product(buffer.shape());
    if (kernels.isEmpty() || !elements.isConst()) {
      throw new UnknownValue();
    }
    spend(elements.value());
    double[] content = new double[Math.toIntExact(elements.value())];
    Arrays.fill(content, Double.NaN); // what nobody writes is in no interval
    for (Kernel kernel : kernels) {
      if (!Sizes.symbols(program, kernel).isEmpty()) {
        throw new UnknownValue();
      }
      switch (kernel) {
        case LoopKernel loop when loop.outer().isEmpty() && loop.stages().size() == 1 ->
            overAll(
                loop.stage().axes(),
                new HashMap<>(),
                at ->
                    put(content, buffer, loop.stage().index(), at, value(loop.stage().body(), at)));
        case FunctionKernel scan when isRunningSum(scan) && buffer.dtype().isInteger() ->
            runningSums(scan, buffer, content);
        case Kernel other -> throw new UnknownValue();
      }
    }
    return content;
  }

  private static void put(
      double[] content, Buffer buffer, List<Dim> index, Map<String, Interval> at, Interval value) {
    if (!value.isSingle()) {
      throw new UnknownValue();
    }
    visit(buffer, box(buffer, index, at), 0, position -> content[position] = value.low());
  }

  private static boolean isRunningSum(FunctionKernel kernel) {
    return kernel.function().equals("scan") && kernel.operator().equals("aten::cumsum");
  }

  private void runningSums(FunctionKernel scan, Buffer buffer, double[] content) {
    Operand summed = scan.operands().getFirst();
    FunctionKernel.Write result = scan.results().getFirst();
    Dim.Symbol along = result.axes().getLast();
    overAll(
        result.axes().subList(0, result.axes().size() - 1),
        new HashMap<>(),
        line -> {
          Interval sum = Interval.NO;
          for (long i = 0; i < along.extent().value(); i++) {
            line.put(along.name(), Interval.of(i));
            Map<String, Interval> read = new HashMap<>();
            for (int a = 0; a < result.axes().size(); a++) {
              read.put(summed.axes().get(a).name(), line.get(result.axes().get(a).name()));
            }
            sum = checked(buffer.dtype(), sum.plus(value(summed.value(), read)));
            put(content, buffer, result.index(), line, sum);
          }
        });
  }

  private static void overAll(
      List<Dim.Symbol> axes, Map<String, Interval> at, Consumer<Map<String, Interval>> point) {
    if (axes.isEmpty()) {
      point.accept(at);
      return;
    }
    Dim.Symbol axis = axes.getFirst();
    if (!axis.extent().isConst()) {
      throw new UnknownValue();
    }
    for (long i = 0; i < axis.extent().value(); i++) {
      at.put(axis.name(), Interval.of(i));
      overAll(axes.subList(1, axes.size()), at, point);
    }
  }
}
