package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Attention written out: a product, whatever is done to its sums, a softmax of each row, a product.
 * If nobody else reads the scores or the weights, they need not exist as a whole.
 */
final class RecogniseAttention implements Pass {
  @Override
  public Program run(Program program) {
    Program current = program;
    for (Kernel kernel : program.kernels()) {
      if (kernel instanceof TemplateKernel product
          && product.template() instanceof Template.Gemm
          && product.packed().isEmpty()) {
        current = match(current, product).map(Match::replace).orElse(current);
      }
    }
    return current;
  }

  /** Scores, their softmax, and the product of that with the values. */
  private record Match(
      Program program, TemplateKernel scores, LoopKernel softmax, TemplateKernel values) {

    /** The program with one kernel instead of three; the same program if no heads fit. */
    Program replace() {
      return HeadSplit.candidates(program, scores, values).stream()
          .map(this::attention)
          .flatMap(Optional::stream)
          .filter(attention -> !attention.readsTarget())
          .findFirst()
          .map(this::put)
          .orElse(program);
    }

    private Program put(TemplateKernel attention) {
      List<Kernel> kernels = new ArrayList<>();
      for (Kernel kernel : program.kernels()) {
        if (kernel == values) {
          kernels.add(attention);
        } else if (kernel != scores && kernel != softmax) {
          kernels.add(kernel);
        }
      }
      return program.withKernels(kernels);
    }

    private Optional<TemplateKernel> attention(HeadSplit split) {
      Template.Gemm first = (Template.Gemm) scores.template();
      Template.Gemm second = (Template.Gemm) values.template();
      Optional<ReadThrough> query = split.operand(program, scores.operands().get(0), true);
      Optional<ReadThrough> key = split.operand(program, swapped(scores.operands().get(1)), true);
      Optional<ReadThrough> value = split.operand(program, values.operands().get(1), false);
      if (query.isEmpty() || key.isEmpty() || value.isEmpty()) {
        return Optional.empty();
      }
      Scaled score = Scaled.of(scores.epilogue().body());
      List<Operand> operands = new ArrayList<>();
      operands.add(query.get().operand());
      operands.add(key.get().operand());
      operands.add(value.get().operand());
      if (!(score.body() instanceof Expr.Accumulator)) {
        operands.add(split.operand(new Operand(scores.epilogue().axes(), score.body())));
      }
      Template.Attention template =
          new Template.Attention(
              split.batch(),
              split.heads(),
              split.heads(),
              first.m(),
              first.n(),
              first.k(),
              second.n(),
              query.get().scale() * key.get().scale() * score.scale(),
              false,
              false);
      Stage epilogue = split.stage(values.epilogue());
      Set<String> origins = new LinkedHashSet<>(scores.origins());
      origins.addAll(softmax.origins());
      origins.addAll(query.get().origins());
      origins.addAll(key.get().origins());
      origins.addAll(value.get().origins());
      origins.addAll(values.origins());
      return Optional.of(
          new TemplateKernel(
              values.name() + "_attention",
              template,
              operands,
              "",
              epilogue,
              List.copyOf(origins)));
    }

    /** (b, d, j) to (b, j, d). */
    private static Operand swapped(Operand key) {
      List<Dim.Symbol> axes = key.axes();
      return new Operand(List.of(axes.get(0), axes.get(2), axes.get(1)), key.value());
    }
  }

  /** What is done to scores, less the factor that comes first. */
  private record Scaled(double scale, Expr body) {
    static Scaled of(Expr body) {
      Expr[] first = {null};
      Expr sum = new Expr.Accumulator(DType.FLOAT32);
      Expr rest =
          body.rewrite(
              e -> {
                if (e instanceof Expr.Binary(BinaryOp op, var dtype, Expr left, Expr right)
                    && (op == BinaryOp.MUL || op == BinaryOp.DIV)
                    && left instanceof Expr.Accumulator
                    && right instanceof Expr.Literal
                    && (first[0] == null || first[0].equals(e))) {
                  first[0] = e;
                  return Expr.literal(DType.FLOAT32, 0.0);
                }
                return e;
              });
      if (first[0] == null || rest.hasAccumulator()) {
        return new Scaled(1, body);
      }
      Expr.Binary factor = (Expr.Binary) first[0];
      double number = ((Expr.Literal) factor.right()).floating();
      return new Scaled(
          factor.op() == BinaryOp.MUL ? number : 1 / number,
          body.rewrite(e -> e.equals(factor) ? sum : e));
    }
  }

  private static Optional<Match> match(Program program, TemplateKernel values) {
    Operand weights = values.operands().getFirst();
    if (!(weights.value() instanceof Expr.Load read) || !read.bindings().isEmpty()) {
      return Optional.empty();
    }
    Kernel softmaxKernel = onlyWriter(program, read.buffer(), values);
    Optional<RowSoftmax> softmax = Optional.ofNullable(softmaxKernel).flatMap(RowSoftmax::of);
    if (softmax.isEmpty()) {
      return Optional.empty();
    }
    String scoreBuffer = softmax.get().scores().buffer();
    if (!(onlyWriter(program, scoreBuffer, softmaxKernel) instanceof TemplateKernel scores)
        || !(scores.template() instanceof Template.Gemm)
        || !scores.packed().isEmpty()
        || program.buffer(scoreBuffer).dtype() != DType.FLOAT32
        || values.reads().contains(scoreBuffer)
        || !sameRows(program, scores, softmax.get(), weights)) {
      return Optional.empty();
    }
    return Optional.of(new Match(program, scores, (LoopKernel) softmaxKernel, values));
  }

  /** The one writer of an intermediate that only {@code reader} reads; else null. */
  private static Kernel onlyWriter(Program program, String buffer, Kernel reader) {
    List<Kernel> writers = program.writers().getOrDefault(buffer, List.of());
    return program.buffer(buffer).role() == Buffer.Role.TEMP
            && writers.size() == 1
            && program.readers().get(buffer).equals(List.of(reader))
        ? writers.getFirst()
        : null;
  }

  /**
   * Whether the weight at (b, m, k) of the second product comes from the score at (b, m, n = k) of
   * the first.
   */
  private static boolean sameRows(
      Program program, TemplateKernel scores, RowSoftmax softmax, Operand weights) {
    List<Dim.Symbol> axes = new ArrayList<>(softmax.outer());
    axes.add(softmax.key());
    Stage result = softmax.result();
    Expr.Load read = (Expr.Load) weights.value();
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> row =
        Indices.inverse(axes, result.index(), program.buffer(result.target()).shape());
    Stage written = scores.epilogue();
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> sum =
        Indices.inverse(written.axes(), written.index(), program.buffer(written.target()).shape());
    if (row.isEmpty() || sum.isEmpty()) {
      return false;
    }
    Map<Dim.Symbol, Dim> at = row.get().apply(read.index());
    List<Dim> element = softmax.scores().index().stream().map(d -> d.substitute(at::get)).toList();
    Map<Dim.Symbol, Dim> source = sum.get().apply(element);
    for (int i = 0; i < 3; i++) {
      Dim axis = weights.axes().get(i).extent().is(1) ? Dim.ZERO : Dim.of(weights.axes().get(i));
      if (!written.axes().get(i).extent().equals(weights.axes().get(i).extent())
          || !source.get(written.axes().get(i)).substitute(zeroUnits(weights)).equals(axis)) {
        return false;
      }
    }
    return true;
  }

  private static Function<Dim.Symbol, Dim> zeroUnits(Operand operand) {
    return s -> operand.axes().contains(s) && s.extent().is(1) ? Dim.ZERO : null;
  }
}
