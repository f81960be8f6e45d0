package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
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

/** Programs of one matrix product. */
final class Products {
  private final DType dtype;
  private final Dim batch;
  private final Dim m;
  private final Dim n;
  private final Dim k;
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private Operand left;
  private Operand right;
  final Dim.Symbol row;
  final Dim.Symbol column;
  final Dim.Symbol batchAxis;
  private Expr body = new Expr.Accumulator(DType.FLOAT32);
  private List<Dim> shape;
  private List<Dim> index;
  private DType stored;

  /** Row-major times the transposed of row-major, stored row-major. */
  Products(DType dtype, Dim batch, Dim m, Dim n, Dim k) {
    this.dtype = dtype;
    this.batch = batch;
    this.m = m;
    this.n = n;
    this.k = k;
    batchAxis = axis("eb", batch);
    row = axis("em", m);
    column = axis("en", n);
    stored = dtype;
    shape = List.of(batch, m, n);
    index = List.of(Dim.of(batchAxis), Dim.of(row), Dim.of(column));
    left(Sizes.rowMajor(List.of(batch, m, k)), Dim.ZERO);
    right(List.of(n.times(k), Dim.ONE, k), Dim.ZERO);
  }

  static Products of(DType dtype, long m, long n, long k) {
    return new Products(dtype, Dim.ONE, Dim.of(m), Dim.of(n), Dim.of(k));
  }

  private static Dim.Symbol axis(String name, Dim extent) {
    long max = extent.max() == Dim.UNBOUNDED ? Dim.UNBOUNDED : Math.max(0, extent.max() - 1);
    return new Dim.Symbol(name, 0, max, extent);
  }

  /** The left operand with strides along (batch, row, k). */
  Products left(List<Dim> strides, Dim offset) {
    left = operand("a", List.of(batch, m, k), strides, offset);
    return this;
  }

  /** The right operand with strides along (batch, k, column). */
  Products right(List<Dim> strides, Dim offset) {
    right = operand("b", List.of(batch, k, n), strides, offset);
    return this;
  }

  private Operand operand(String name, List<Dim> extents, List<Dim> strides, Dim offset) {
    Buffer buffer =
        new Buffer(name, dtype, extents, strides, Buffer.Role.INPUT, null); // one more for offsets
    buffers.put(name, buffer);
    if (!inputs.contains(name)) {
      inputs.add(name);
    }
    List<Dim.Symbol> axes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      axes.add(axis(name + "bmk".charAt(i), extents.get(i)));
    }
    List<Dim> index = new ArrayList<>(axes.stream().map(Dim::of).toList());
    index.set(2, index.get(2).plus(offset));
    return new Operand(axes, widened(new Expr.Load(name, dtype, index)));
  }

  /** Declares an input with row-major strides. */
  Products input(String name, DType type, Dim... sizes) {
    List<Dim> extents = List.of(sizes);
    buffers.put(
        name,
        new Buffer(name, type, extents, Sizes.rowMajor(extents), Buffer.Role.TEMP, null)
            .withRole(Buffer.Role.INPUT));
    inputs.add(name);
    return this;
  }

  Expr.Load load(String name, Dim... at) {
    return new Expr.Load(name, buffers.get(name).dtype(), List.of(at));
  }

  static Expr widened(Expr value) {
    return Halves.isHalf(value.dtype()) ? Expr.cast(DType.FLOAT32, value) : value;
  }

  /** Stores {@code value} instead of the sum. */
  Products body(Expr value) {
    body = value;
    return this;
  }

  Products target(DType type, List<Dim> sizes, List<Dim> at) {
    stored = type;
    shape = sizes;
    index = at;
    return this;
  }

  Program program(Dim.Symbol... symbols) {
    Map<String, Buffer> all = new LinkedHashMap<>(buffers);
    all.put(
        "out", new Buffer("out", stored, shape, Sizes.rowMajor(shape), Buffer.Role.OUTPUT, null));
    TemplateKernel kernel =
        new TemplateKernel(
            "product",
            new Template.Gemm(batch, m, n, k),
            List.of(left, right),
            "",
            new Stage(List.of(batchAxis, row, column), "out", index, Expr.cast(stored, body)),
            List.of());
    Program program = new Program(all, List.of(kernel), inputs, List.of("out"), List.of(symbols));
    Verifier.verify(program);
    return program;
  }

  static TemplateKernel kernel(Program program) {
    return (TemplateKernel) program.kernels().getFirst();
  }
}
