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
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a program computes from no weight and no input, known without running it: positions, and
 * masks made of them. Truth values, integers of at most 32 bits of size and float32; anything else
 * is not known.
 */
final class ConstantValues {
  /** Evaluations of one node after which a value counts as unknown. */
  private static final long ENOUGH = 1L << 24;

  private static final double LARGEST_INTEGER = Integer.MAX_VALUE;

  private final Program program;
  private final Map<String, List<Kernel>> writers;
  private final Map<String, double[]> known = new HashMap<>();
  private long evaluations;

  ConstantValues(Program program) {
    this.program = program;
    this.writers = program.writers();
  }

  /** Says that a value is not known. */
  private static final class Unknown extends RuntimeException {
    Unknown() {
      super(null, null, false, false);
    }
  }

  /** The value of {@code e} where its axes, by name, have these values; empty if not known. */
  OptionalDouble of(Expr e, Map<String, Long> at) {
    try {
      return OptionalDouble.of(value(e, at));
    } catch (Unknown unknown) {
      return OptionalDouble.empty();
    }
  }

  private double value(Expr e, Map<String, Long> at) {
    if (++evaluations > ENOUGH) {
      throw new Unknown();
    }
    return switch (e) {
      case Expr.Literal l ->
          checked(l.dtype(), l.dtype().isFloating() ? l.floating() : l.integer());
      case Expr.Index index -> checked(DType.INT64, index.value().evaluate(at));
      case Expr.Load load -> load(load, at);
      case Expr.Cast c -> cast(c.dtype(), value(c.operand(), at));
      case Expr.Select s ->
          value(s.condition(), at) != 0 ? value(s.then(), at) : value(s.otherwise(), at);
      case Expr.Unary u -> unary(u, value(u.operand(), at));
      case Expr.Binary b ->
          checked(b.dtype(), binary(b, value(b.left(), at), value(b.right(), at)));
      case Expr.Reduce r -> checked(r.dtype(), reduce(r, at));
      case Expr.Accumulator a -> throw new Unknown();
    };
  }

  /** As the type holds it; a value that may be rounded or wrap around is not known. */
  private static double checked(DType dtype, double value) {
    if (dtype == DType.FLOAT32) {
      return (float) value;
    }
    boolean exact =
        dtype == DType.BOOL
            || dtype.isInteger() && Math.abs(value) <= LARGEST_INTEGER && dtype.bytes() >= 4;
    if (!exact) {
      throw new Unknown();
    }
    return value;
  }

  private static double cast(DType dtype, double value) {
    if (dtype == DType.BOOL) {
      return value != 0 ? 1 : 0;
    }
    return checked(
        dtype, dtype.isInteger() ? (value < 0 ? Math.ceil(value) : Math.floor(value)) : value);
  }

  private static double unary(Expr.Unary u, double x) {
    return switch (u.op()) {
      case LOGICAL_NOT -> x == 0 ? 1 : 0;
      case BITWISE_NOT -> checked(u.dtype(), u.dtype() == DType.BOOL ? 1 - x : -1 - x);
      case NEG -> checked(u.dtype(), -x);
      case ABS -> checked(u.dtype(), Math.abs(x));
      default -> throw new Unknown();
    };
  }

  private static double binary(Expr.Binary b, double x, double y) {
    boolean truth = b.left().dtype() == DType.BOOL;
    return switch (b.op()) {
      case EQ -> x == y ? 1 : 0;
      case NE -> x != y ? 1 : 0;
      case LT -> x < y ? 1 : 0;
      case LE -> x <= y ? 1 : 0;
      case GT -> x > y ? 1 : 0;
      case GE -> x >= y ? 1 : 0;
      case AND -> truth ? Math.min(x, y) : throwUnknown();
      case OR -> truth ? Math.max(x, y) : throwUnknown();
      case XOR -> truth ? (x != y ? 1 : 0) : throwUnknown();
      case ADD -> truth ? throwUnknown() : x + y;
      case SUB -> truth ? throwUnknown() : x - y;
      case MUL -> x * y;
      case MAX -> Math.max(x, y); // NaN if either is, as torch.maximum
      case MIN -> Math.min(x, y);
      default -> throw new Unknown();
    };
  }

  private static double throwUnknown() {
    throw new Unknown();
  }

  private double reduce(Expr.Reduce r, Map<String, Long> at) {
    double[] sum = {
      switch (r.op()) {
        case SUM, ANY -> 0;
        case ALL -> 1;
        case PROD, MAX, MIN -> throw new Unknown();
      }
    };
    if (r.op() == ReduceOp.SUM && !r.dtype().isInteger()) {
      throw new Unknown(); // the order of the terms matters
    }
    overAll(
        r.axes(),
        new HashMap<>(at),
        inner -> {
          double term = value(r.body(), inner);
          sum[0] =
              switch (r.op()) {
                case ANY -> Math.max(sum[0], term);
                case ALL -> Math.min(sum[0], term);
                default -> checked(r.dtype(), sum[0] + term);
              };
        });
    return sum[0];
  }

  private double load(Expr.Load load, Map<String, Long> at) {
    Map<String, Long> places = at;
    if (!load.bindings().isEmpty()) {
      places = new HashMap<>(at);
      for (Map.Entry<Dim.Symbol, Expr> binding : load.bindings().entrySet()) {
        places.put(binding.getKey().name(), (long) value(binding.getValue(), at));
      }
    }
    Buffer buffer = program.buffer(load.buffer());
    double[] content = content(buffer);
    return content[position(buffer, load.index(), places)];
  }

  private static int position(Buffer buffer, List<Dim> index, Map<String, Long> at) {
    long position = 0;
    for (int d = 0; d < index.size(); d++) {
      long place = index.get(d).evaluate(at);
      long size = buffer.shape().get(d).value();
      if (place < 0 || place >= size) {
        throw new Unknown();
      }
      position = position * size + place;
    }
    return Math.toIntExact(position);
  }

  private double[] content(Buffer buffer) {
    double[] content = known.get(buffer.name());
    if (content == null) {
      known.put(buffer.name(), new double[0]); // meanwhile, and for ever if it is not known
      content = computed(buffer);
      known.put(buffer.name(), content);
    }
    if (content.length == 0) {
      throw new Unknown();
    }
    return content;
  }

  private double[] computed(Buffer buffer) {
    List<Kernel> kernels = writers.getOrDefault(buffer.name(), List.of());
    Dim elements = Dim.product(buffer.shape());
    if (kernels.isEmpty() || !elements.isConst() || elements.value() > ENOUGH) {
      throw new Unknown();
    }
    double[] content = new double[Math.toIntExact(elements.value())];
    for (Kernel kernel : kernels) {
      if (!Sizes.symbols(program, kernel).isEmpty()) {
        throw new Unknown();
      }
      switch (kernel) {
        case LoopKernel loop when loop.outer().isEmpty() && loop.stages().size() == 1 ->
            overAll(
                loop.stage().axes(),
                new HashMap<>(),
                at ->
                    content[position(buffer, loop.stage().index(), at)] =
                        value(loop.stage().body(), at));
        case FunctionKernel scan when isRunningSum(scan) && buffer.dtype().isInteger() ->
            runningSums(scan, buffer, content);
        case Kernel other -> throw new Unknown();
      }
    }
    return content;
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
          double sum = 0;
          for (long i = 0; i < along.extent().value(); i++) {
            line.put(along.name(), i);
            Map<String, Long> read = new HashMap<>();
            for (int a = 0; a < result.axes().size(); a++) {
              read.put(summed.axes().get(a).name(), line.get(result.axes().get(a).name()));
            }
            sum = checked(buffer.dtype(), sum + value(summed.value(), read));
            content[position(buffer, result.index(), line)] = sum;
          }
        });
  }

  private interface Point {
    void visit(Map<String, Long> at);
  }

  private static void overAll(List<Dim.Symbol> axes, Map<String, Long> at, Point point) {
    if (axes.isEmpty()) {
      point.visit(at);
      return;
    }
    Dim.Symbol axis = axes.getFirst();
    if (!axis.extent().isConst()) {
      throw new Unknown();
    }
    for (long i = 0; i < axis.extent().value(); i++) {
      at.put(axis.name(), i);
      overAll(axes.subList(1, axes.size()), at, point);
    }
  }
}
