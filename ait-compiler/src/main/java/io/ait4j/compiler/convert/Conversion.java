package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.compiler.ir.Header;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Operand;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.Template;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** One node being converted: its arguments as expressions, and the ways to emit kernels for it. */
public final class Conversion {
  private final ProgramBuilder program;
  private final FxNode node;
  private final Map<Integer, Function<List<Dim>, Expr>> floats = new HashMap<>();

  Conversion(ProgramBuilder program, FxNode node) {
    this.program = program;
    this.node = node;
  }

  public FxNode node() {
    return node;
  }

  /** Type of the node's first result. */
  public TensorMeta result() {
    return node.results().getFirst().tensor();
  }

  /** Whether argument {@code i} is given and not None. */
  public boolean has(int i) {
    return node.arg(i).isPresent();
  }

  /** Whether argument {@code i} is a tensor, not a number. */
  public boolean isTensor(int i) {
    return node.arg(i).orElse(Arg.NONE) instanceof Arg.Value;
  }

  /** Type of tensor argument {@code i}. */
  public TensorMeta meta(int i) {
    return program.meta(value(i));
  }

  private String value(int i) {
    if (node.arg(i).orElse(Arg.NONE) instanceof Arg.Value v) {
      return v.name();
    }
    throw new UnsupportedNodeException("argument " + i + " is not a tensor");
  }

  /** Element of tensor argument {@code i}. */
  public Expr.Load load(int i, List<Dim> index) {
    return load(value(i), index);
  }

  private Expr.Load load(String value, List<Dim> index) {
    TensorMeta meta = program.meta(value);
    if (meta.rank() != index.size()) {
      throw new IllegalArgumentException("rank " + meta.rank() + " indexed by " + index);
    }
    return new Expr.Load(program.bufferOf(value), meta.dtype(), index);
  }

  /**
   * Argument {@code i}, a number or a tensor broadcast to the shape that {@code index} runs over,
   * converted to {@code dtype}.
   */
  public Expr broadcast(int i, List<Dim> index, DType dtype) {
    Arg arg =
        node.arg(i)
            .orElseThrow(() -> new UnsupportedNodeException("argument " + i + " is missing"));
    if (!(arg instanceof Arg.Value)) {
      return number(arg, dtype);
    }
    Expr.Load load = load(i, broadcastIndex(meta(i).shape(), index));
    return Expr.cast(dtype, dtype.isFloating() ? load : Halves.rounded(load.dtype(), load));
  }

  /**
   * The same for an operator that jumps, such as a comparison: of a half type the argument has no
   * more digits than its tensor would have. A number is one of {@code numbers}' type.
   */
  public Expr exact(int i, List<Dim> index, DType numbers) {
    DType dtype = Promotion.compute(numbers);
    Expr value = broadcast(i, index, dtype);
    return dtype == DType.FLOAT32
        ? Halves.rounded(isTensor(i) ? meta(i).dtype() : numbers, value)
        : value;
  }

  /**
   * The index into a tensor of {@code shape} broadcast to the rank of {@code index}. Where {@code
   * index} is a loop variable, it must run over the size there: a size that may be 1 or may not is
   * refused.
   */
  public static List<Dim> broadcastIndex(List<Dim> shape, List<Dim> index) {
    int skip = index.size() - shape.size();
    List<Dim> own = new ArrayList<>();
    for (int d = 0; d < shape.size(); d++) {
      Dim at = index.get(d + skip);
      if (!shape.get(d).is(1)) {
        Dim extent = extentOf(at);
        if (extent != null) {
          requireEqual(shape.get(d), extent);
        }
      }
      own.add(shape.get(d).is(1) ? Dim.ZERO : at);
    }
    return own;
  }

  /** What a plain loop variable runs over, 1 for none; null for other indices. */
  private static Dim extentOf(Dim index) {
    if (index.isConst()) {
      return Dim.ONE;
    }
    Dim.Symbol symbol = index.symbols().iterator().next();
    return index.equals(Dim.of(symbol)) ? symbol.extent() : null;
  }

  /** Refuses two sizes that are not the same whatever the symbols are. */
  public static void requireEqual(Dim a, Dim b) {
    if (!a.equals(b)) {
      String how = a.isConst() && b.isConst() ? " differ" : " may differ";
      throw new UnsupportedNodeException("sizes " + a + " and " + b + how);
    }
  }

  /** The same of all sizes of two shapes of one rank. */
  public static void requireEqual(List<Dim> a, List<Dim> b) {
    for (int d = 0; d < a.size(); d++) {
      requireEqual(a.get(d), b.get(d));
    }
  }

  /** A number argument as a literal. */
  public static Expr number(Arg arg, DType dtype) {
    return switch (arg) {
      case Arg.Int n -> Expr.literal(dtype, n.value());
      case Arg.Float n -> Expr.literal(dtype, n.value());
      case Arg.Bool n -> Expr.literal(dtype, n.value() ? 1L : 0L);
      case Arg.SymInt n -> Expr.cast(dtype, new Expr.Index(n.value()));
      case Arg other ->
          throw new UnsupportedNodeException("argument " + other + " is not a number");
    };
  }

  /** Number argument {@code i} as a literal of {@code dtype}. */
  public Expr number(int i, DType dtype) {
    return number(
        node.arg(i)
            .orElseThrow(() -> new UnsupportedNodeException("argument " + i + " is missing")),
        dtype);
  }

  public double floating(int i, double orElse) {
    return switch (node.arg(i).orElse(Arg.NONE)) {
      case Arg.Float f -> f.value();
      case Arg.Int n -> n.value();
      case Arg.None n -> orElse;
      case Arg other ->
          throw new UnsupportedNodeException(
              "argument " + i + " is not a number known at compile time");
    };
  }

  public long integer(int i, long orElse) {
    return switch (node.arg(i).orElse(Arg.NONE)) {
      case Arg.Int n -> n.value();
      case Arg.None n -> orElse;
      case Arg other ->
          throw new UnsupportedNodeException(
              "argument " + i + " is not an integer known at compile time");
    };
  }

  public boolean bool(int i, boolean orElse) {
    return switch (node.arg(i).orElse(Arg.NONE)) {
      case Arg.Bool b -> b.value();
      case Arg.Int n -> n.value() != 0;
      case Arg.None n -> orElse;
      case Arg other ->
          throw new UnsupportedNodeException(
              "argument " + i + " is not a truth value known at compile time");
    };
  }

  public String string(int i, String orElse) {
    return node.arg(i).orElse(Arg.NONE) instanceof Arg.Str s ? s.value() : orElse;
  }

  /** Integer list argument {@code i}; a lone integer counts as a list of one; empty if absent. */
  public List<Long> integers(int i) {
    return switch (node.arg(i).orElse(Arg.NONE)) {
      case Arg.None n -> List.of();
      case Arg.Int n -> List.of(n.value());
      case Arg.Sequence s ->
          s.elements().stream()
              .map(
                  e -> {
                    if (e instanceof Arg.Int n) {
                      return n.value();
                    }
                    throw new UnsupportedNodeException(
                        "argument " + i + " holds a value that is unknown at compile time");
                  })
              .toList();
      case Arg other ->
          throw new UnsupportedNodeException("argument " + i + " is not a list of integers");
    };
  }

  /** An integer argument that may be symbolic. */
  public Dim dim(int i) {
    return switch (node.arg(i).orElse(Arg.NONE)) {
      case Arg.Int n -> Dim.of(n.value());
      case Arg.SymInt n -> n.value();
      case Arg other -> throw new UnsupportedNodeException("argument " + i + " is not an integer");
    };
  }

  /**
   * Two-element geometry argument: {@code [3]} means {@code [3, 3]}; absent or empty gives {@code
   * orElse}.
   */
  public long[] pair(int i, long... orElse) {
    List<Long> values = integers(i);
    return switch (values.size()) {
      case 0 -> orElse;
      case 1 -> new long[] {values.getFirst(), values.getFirst()};
      case 2 -> new long[] {values.get(0), values.get(1)};
      default ->
          throw new UnsupportedNodeException(
              "argument " + i + " has " + values.size() + " entries, not 2");
    };
  }

  /** A list argument of tensors, as value references. */
  public List<Arg.Value> tensors(int i) {
    if (node.arg(i).orElse(Arg.NONE) instanceof Arg.Sequence s) {
      return s.elements().stream()
          .map(
              e -> {
                if (e instanceof Arg.Value v) {
                  return v;
                }
                throw new UnsupportedNodeException(
                    "argument " + i + " holds something that is not a tensor");
              })
          .toList();
    }
    throw new UnsupportedNodeException("argument " + i + " is not a list of tensors");
  }

  /** Type of a tensor of a list argument. */
  public TensorMeta meta(Arg.Value value) {
    return program.meta(value.name());
  }

  /** Element of a tensor of a list argument. */
  public Expr.Load load(Arg.Value value, List<Dim> index) {
    return load(value.name(), index);
  }

  /** A dimension argument in {@code [0, rank)}. */
  public static int wrap(long dim, int rank) {
    return (int) (dim < 0 ? dim + Math.max(rank, 1) : dim);
  }

  /** Dimensions of a reduction argument: none given means all. */
  public List<Integer> wrapAll(List<Long> dims, int rank) {
    if (dims.isEmpty()) {
      return java.util.stream.IntStream.range(0, rank).boxed().toList();
    }
    return dims.stream().map(d -> wrap(d, rank)).distinct().sorted().toList();
  }

  /** A constant size; throws if it is symbolic. */
  public static long constant(Dim dim) {
    OptionalLong value = dim.constant();
    if (value.isEmpty()) {
      throw new UnsupportedNodeException("the size " + dim + ", which differs from run to run");
    }
    return value.getAsLong();
  }

  /** A fresh iteration variable over {@code [0, extent)}. */
  public Dim.Symbol axis(Dim extent) {
    return program.axis(extent);
  }

  /**
   * A fresh symbol for an index into a dimension of {@code extent} that a load's bindings compute
   * from data. The run checks it, and fails in the name of this node's operator.
   */
  public Dim.Symbol dataIndex(Dim extent) {
    return program.dataIndex(extent, node.target().toString());
  }

  /** Fresh iteration variables over {@code shape}. */
  public List<Dim.Symbol> axes(List<Dim> shape) {
    return shape.stream().map(this::axis).toList();
  }

  public static List<Dim> dims(List<Dim.Symbol> axes) {
    return axes.stream().map(Dim::of).toList();
  }

  /** Computes the first result element by element; the body is converted to the result's dtype. */
  public void pointwise(Function<List<Dim>, Expr> body) {
    pointwise(0, body);
  }

  /** The same for result {@code i}. */
  public void pointwise(int i, Function<List<Dim>, Expr> body) {
    TensorMeta meta = node.results().get(i).tensor();
    store(program.define(node.results().get(i)), meta.shape(), meta.dtype(), body);
  }

  /** A temporary tensor computed element by element, as a function that reads it. */
  public Function<List<Dim>, Expr> temp(
      DType dtype, List<Dim> shape, Function<List<Dim>, Expr> body) {
    Buffer buffer = program.temp(dtype, shape);
    store(buffer.name(), shape, dtype, body);
    return index -> new Expr.Load(buffer.name(), dtype, index);
  }

  /** Tensor argument {@code i} for a template that reads float32 by strides: widened if need be. */
  public Function<List<Dim>, Expr> floats(int i) {
    return floats.computeIfAbsent(i, this::widened);
  }

  private Function<List<Dim>, Expr> widened(int i) {
    TensorMeta meta = meta(i);
    return meta.dtype() == DType.FLOAT32
        ? index -> load(i, index)
        : temp(DType.FLOAT32, meta.shape(), index -> Expr.cast(DType.FLOAT32, load(i, index)));
  }

  /** What {@code body} says, in memory: a load is one already, anything else is computed there. */
  public Function<List<Dim>, Expr> stored(
      DType dtype, List<Dim> shape, Function<List<Dim>, Expr> body) {
    boolean load =
        body.apply(dims(axes(shape))) instanceof Expr.Load l
            && l.dtype() == dtype
            && l.bindings().isEmpty();
    return load ? body : temp(dtype, shape, body);
  }

  /** The memory of the node's result {@code i}. */
  public Place place(int i) {
    TensorMeta meta = node.results().get(i).tensor();
    return new Place(program.define(node.results().get(i)), meta.dtype(), meta.shape());
  }

  /**
   * Memory for the node's result {@code i} in the type that its arithmetic is done in; {@link
   * #narrow} makes the result of it.
   */
  public Place wide(int i) {
    Place result = place(i);
    DType wide = Promotion.compute(result.dtype());
    return wide == result.dtype() ? result : room(wide, result.shape());
  }

  /** Makes the node's result {@code i} of what {@link #wide} gave. */
  public void narrow(int i, Place wide) {
    Place result = place(i);
    if (!wide.buffer().equals(result.buffer())) {
      fill(result, wide::load);
    }
  }

  /** Memory for an intermediate. */
  public Place room(DType dtype, List<Dim> shape) {
    return new Place(program.temp(dtype, shape).name(), dtype, shape);
  }

  /** Computes all of {@code place} element by element; the body is converted to its dtype. */
  public void fill(Place place, Function<List<Dim>, Expr> body) {
    store(place.buffer(), place.shape(), place.dtype(), body);
  }

  private void store(String buffer, List<Dim> shape, DType dtype, Function<List<Dim>, Expr> body) {
    List<Dim> index = new ArrayList<>();
    List<Dim.Symbol> axes = new ArrayList<>();
    for (Dim size : shape) {
      if (size.is(1)) {
        index.add(
            Dim.ZERO); // no axis for what is always 0, so that spaces of different rank can agree
      } else {
        axes.add(axis(size));
        index.add(Dim.of(axes.getLast()));
      }
    }
    emit(
        new LoopKernel(
            program.kernelName("loop"),
            List.of(),
            List.of(new Stage(axes, buffer, index, Expr.cast(dtype, body.apply(index)))),
            origins()));
  }

  /**
   * Writes a part of the first result: over {@code axes}, at {@code index}. Together the parts must
   * cover it once.
   */
  public void part(List<Dim.Symbol> axes, List<Dim> index, Expr body) {
    String buffer = program.define(node.results().getFirst());
    emit(
        new LoopKernel(
            program.kernelName("loop"),
            List.of(),
            List.of(new Stage(axes, buffer, index, Expr.cast(result().dtype(), body))),
            origins()));
  }

  /**
   * Emits a template kernel whose sums become the first result: {@code epilogueAxes} are the
   * template's, {@code index} says where each lands, {@code body} is computed from the accumulator.
   */
  public void template(
      String name,
      Template template,
      List<Operand> operands,
      List<Dim.Symbol> epilogueAxes,
      List<Dim> index,
      Expr body) {
    template(name, template, operands, epilogueAxes, place(0), index, body);
  }

  /** The same into {@code place}. */
  public void template(
      String name,
      Template template,
      List<Operand> operands,
      List<Dim.Symbol> epilogueAxes,
      Place place,
      List<Dim> index,
      Expr body) {
    emit(
        new TemplateKernel(
            program.kernelName(name),
            template,
            operands,
            "",
            new Stage(epilogueAxes, place.buffer(), index, Expr.cast(place.dtype(), body)),
            origins()));
  }

  /** The call of a C++ function of {@code header}, to which its arguments are then added. */
  public FunctionCall function(Header header, String name) {
    return new FunctionCall(this, program, header, name);
  }

  /** Whether the program is for GPUs, where hand-written functions may want other operands. */
  boolean isForGpus() {
    return program.isForGpus();
  }

  private void emit(Kernel kernel) {
    program.add(kernel);
  }

  private List<String> origins() {
    return List.of(node.name());
  }

  /** Adds to what the partition plan knows of this node's cost. */
  public void flops(Dim count) {
    program.countFlops(count);
  }

  /** The argument's type if it is a tensor. */
  public Optional<TensorMeta> optionalMeta(int i) {
    return isTensor(i) ? Optional.of(meta(i)) : Optional.empty();
  }

  public void require(boolean condition, String reason) {
    if (!condition) {
      throw new UnsupportedNodeException(reason);
    }
  }
}
