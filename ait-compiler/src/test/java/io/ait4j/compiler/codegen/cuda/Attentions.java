package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.BinaryOp;
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
 * A program of one attention whose queries, keys and values are parts of one matrix, and whose
 * result has the heads of a position side by side.
 *
 * @param masked whether an additive mask over batches and keys is read
 * @param shared whether all batches read the first one's part of the matrix
 * @param role of the matrix
 */
record Attentions(
    DType type,
    long batch,
    long heads,
    Dim length,
    long width,
    boolean causal,
    boolean masked,
    boolean shared,
    Buffer.Role role) {
  static Attentions of(DType type, long batch, long heads, long length, long width) {
    return new Attentions(
        type, batch, heads, Dim.of(length), width, false, false, false, Buffer.Role.WEIGHT);
  }

  Attentions withMask() {
    return new Attentions(type, batch, heads, length, width, causal, true, shared, role);
  }

  Attentions withShared() {
    return new Attentions(type, batch, heads, length, width, causal, masked, true, role);
  }

  Attentions withCausal() {
    return new Attentions(type, batch, heads, length, width, true, masked, shared, role);
  }

  Attentions input() {
    return new Attentions(
        type, batch, heads, length, width, causal, masked, shared, Buffer.Role.INPUT);
  }

  Attentions length(Dim newLength) {
    return new Attentions(type, batch, heads, newLength, width, causal, masked, shared, role);
  }

  Template.Attention template() {
    return new Template.Attention(
        Dim.of(batch),
        Dim.of(heads),
        Dim.of(heads),
        length,
        length,
        Dim.of(width),
        Dim.of(width),
        1 / Math.sqrt(width),
        causal,
        true);
  }

  private static Buffer buffer(String name, DType type, Buffer.Role role, Dim... shape) {
    List<Dim> sizes = List.of(shape);
    return new Buffer(name, type, sizes, Sizes.rowMajor(sizes), role, null);
  }

  private static List<Dim.Symbol> axes(String prefix, Dim... extents) {
    List<Dim.Symbol> axes = new ArrayList<>();
    for (Dim extent : extents) {
      long last = extent.max() == Dim.UNBOUNDED ? Dim.UNBOUNDED : extent.max() - 1;
      axes.add(new Dim.Symbol(prefix + axes.size(), 0, last, extent));
    }
    return axes;
  }

  private Operand part(int part) {
    List<Dim.Symbol> axes = axes("q", Dim.of(batch), Dim.of(heads), length, Dim.of(width));
    Dim column = Dim.of(axes.get(1)).plus(part * heads).times(width).plus(Dim.of(axes.get(3)));
    List<Dim> index = List.of(shared ? Dim.ZERO : Dim.of(axes.get(0)), Dim.of(axes.get(2)), column);
    return new Operand(axes, Expr.cast(DType.FLOAT32, new Expr.Load("parts", type, index)));
  }

  private Operand mask() {
    List<Dim.Symbol> axes = axes("m", Dim.of(batch), Dim.of(heads), length, length);
    Expr bias =
        new Expr.Load("mask", DType.FLOAT32, List.of(Dim.of(axes.get(0)), Dim.of(axes.get(3))));
    return new Operand(axes, Expr.binary(BinaryOp.ADD, new Expr.Accumulator(DType.FLOAT32), bias));
  }

  CudaKernelText print(CudaTarget target, Dim.Symbol... symbols) {
    Dim columns = Dim.of(heads * width);
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    buffers.put("parts", buffer("parts", type, role, Dim.of(batch), length, columns.times(3)));
    buffers.put("out", buffer("out", type, Buffer.Role.OUTPUT, Dim.of(batch), length, columns));
    List<Operand> operands = new ArrayList<>(List.of(part(0), part(1), part(2)));
    List<String> inputs = new ArrayList<>(role == Buffer.Role.INPUT ? List.of("parts") : List.of());
    if (masked) {
      buffers.put("mask", buffer("mask", DType.FLOAT32, Buffer.Role.INPUT, Dim.of(batch), length));
      inputs.add("mask");
      operands.add(mask());
    }
    List<Dim.Symbol> axes = axes("o", Dim.of(batch), Dim.of(heads), length, Dim.of(width));
    Dim column = Dim.of(axes.get(1)).times(width).plus(Dim.of(axes.get(3)));
    Stage epilogue =
        new Stage(
            axes,
            "out",
            List.of(Dim.of(axes.get(0)), Dim.of(axes.get(2)), column),
            Expr.cast(type, new Expr.Accumulator(DType.FLOAT32)));
    TemplateKernel kernel =
        new TemplateKernel("attention", template(), operands, "", epilogue, List.of());
    Program program =
        new Program(buffers, List.of(kernel), inputs, List.of("out"), List.of(symbols));
    Verifier.verify(program);
    return CudaAttentionPrinter.print(program, kernel, target);
  }
}
