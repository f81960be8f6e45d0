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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Horizontal fusion of products: those that multiply one matrix by constants, as queries, keys and
 * values do, become one product, whose columns lie side by side and are read where they lie.
 */
final class MergeProducts implements Pass {
  @Override
  public Program run(Program program) {
    Program current = constantsFirst(program);
    Set<Object> tried = new HashSet<>();
    Optional<List<Part>> group = group(current, tried);
    while (group.isPresent()) { // groups anew after each: products may read what was merged
      current = merge(current, group.get()).orElse(current);
      group = group(current, tried);
    }
    return current;
  }

  /** What is computed at build time comes first: a merged product reads the weights of all. */
  private static Program constantsFirst(Program program) {
    Map<Boolean, List<Kernel>> folded =
        program.kernels().stream()
            .collect(
                Collectors.partitioningBy(
                    k -> k.writes().stream().allMatch(b -> program.buffer(b).isConstant())));
    List<Kernel> kernels = new ArrayList<>(folded.get(true));
    kernels.addAll(folded.get(false));
    return program.withKernels(kernels);
  }

  /** Products of one matrix that have not been tried. */
  private static Optional<List<Part>> group(Program program, Set<Object> tried) {
    Map<Object, List<Part>> groups = new LinkedHashMap<>();
    for (Kernel kernel : program.kernels()) {
      part(program, kernel)
          .ifPresent(
              part -> groups.computeIfAbsent(part.left(), key -> new ArrayList<>()).add(part));
    }
    return groups.entrySet().stream()
        .filter(e -> e.getValue().size() > 1 && tried.add(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * A product that may be one of several.
   *
   * @param bias added to each column, null for none
   * @param place of an element of the result: batch, row and column
   */
  private record Part(
      TemplateKernel kernel, Expr.Load bias, Function<List<Dim>, Map<Dim.Symbol, Dim>> place) {
    Template.Gemm gemm() {
      return (Template.Gemm) kernel.template();
    }

    Stage stage() {
      return kernel.epilogue();
    }

    /** What is multiplied, its axes renamed by position, for comparison. */
    Object left() {
      Operand operand = kernel.operands().getFirst();
      return List.of(
          gemm().m(),
          gemm().k(),
          operand
              .value()
              .substitute(
                  s -> {
                    int at = operand.axes().indexOf(s);
                    return at < 0 ? null : Dim.index("axis" + at, s.extent());
                  }));
    }
  }

  private static Optional<Part> part(Program program, Kernel kernel) {
    if (!(kernel instanceof TemplateKernel product)
        || !(product.template() instanceof Template.Gemm gemm)
        || !gemm.batch().is(1)
        || !gemm.n().isConst()
        || !FoldScales.hasConstantWeight(program, product)) {
      return Optional.empty();
    }
    Stage stage = product.epilogue();
    Buffer target = program.buffer(stage.target());
    Expr.Load bias = null;
    if (!(stage.body() instanceof Expr.Accumulator)) {
      if (!(stage.body() instanceof Expr.Binary(BinaryOp op, DType t, Expr sum, Expr added))
          || op != BinaryOp.ADD
          || !(sum instanceof Expr.Accumulator)
          || !(added instanceof Expr.Load load)
          || !program.buffer(load.buffer()).isConstant()
          || !load.index().equals(List.of(Dim.of(stage.axes().getLast())))) {
        return Optional.empty();
      }
      bias = load;
    }
    if (target.role() != Buffer.Role.TEMP
        || target.dtype() != DType.FLOAT32
        || program.writers().get(target.name()).size() > 1
        || program.readers().getOrDefault(target.name(), List.of()).isEmpty()) {
      return Optional.empty();
    }
    Expr.Load added = bias;
    return Indices.inverse(stage.axes(), stage.index(), target.shape())
        .map(place -> new Part(product, added, place));
  }

  private static Optional<Program> merge(Program program, List<Part> parts) {
    Part first = parts.getFirst();
    Dim columns = Dim.ZERO;
    Map<String, Dim> offsets = new LinkedHashMap<>();
    Map<String, Part> byTarget = new LinkedHashMap<>();
    for (Part part : parts) {
      offsets.put(part.stage().target(), columns);
      byTarget.put(part.stage().target(), part);
      columns = columns.plus(part.gemm().n());
    }
    Buffer whole =
        Buffer.temp(
            first.kernel.name() + "_merged", DType.FLOAT32, List.of(first.gemm().m(), columns));
    List<Kernel> merged = new ArrayList<>();
    Map<String, Buffer> buffers = new LinkedHashMap<>(program.buffers());
    buffers.put(whole.name(), whole);
    Expr bias = bias(parts, offsets, columns, merged, buffers);
    merged.add(product(parts, offsets, columns, whole, bias));

    List<Kernel> kernels = new ArrayList<>();
    boolean[] refused = {false};
    for (Kernel kernel : program.kernels()) {
      if (kernel == first.kernel) {
        kernels.addAll(merged);
      } else if (parts.stream().noneMatch(p -> p.kernel == kernel)) {
        kernels.add(
            kernel.reads().stream().noneMatch(offsets::containsKey)
                ? kernel
                : redirected(kernel, byTarget, offsets, program, buffers, whole, refused));
      }
    }
    if (refused[0]) {
      return Optional.empty();
    }
    offsets.keySet().forEach(buffers::remove);
    return Optional.of(
        new Program(buffers, kernels, program.inputs(), program.outputs(), program.symbols()));
  }

  /** The reader with the whole in place of the parts. */
  private static Kernel redirected(
      Kernel kernel,
      Map<String, Part> parts,
      Map<String, Dim> offsets,
      Program program,
      Map<String, Buffer> buffers,
      Buffer whole,
      boolean[] refused) {
    Program after = program.withBuffers(buffers);
    return Sites.map(
        kernel,
        (site, expr) -> {
          Expr moved =
              expr.rewrite(
                  e -> {
                    if (!(e instanceof Expr.Load load) || !parts.containsKey(load.buffer())) {
                      return e;
                    }
                    Part part = parts.get(load.buffer());
                    Map<Dim.Symbol, Dim> at = part.place.apply(load.index());
                    Dim row = at.get(part.stage().axes().get(1));
                    Dim column = at.get(part.stage().axes().get(2));
                    return new Expr.Load(
                        whole.name(),
                        load.dtype(),
                        List.of(row, column.plus(offsets.get(load.buffer()))),
                        load.bindings());
                  });
          refused[0] |=
              moved != expr
                  && site.operand() >= 0
                  && !TemplateOperands.accepts(after, kernel, site.operand(), moved);
          return moved;
        });
  }

  private static TemplateKernel product(
      List<Part> parts, Map<String, Dim> offsets, Dim columns, Buffer whole, Expr bias) {
    TemplateKernel first = parts.getFirst().kernel;
    Template.Gemm gemm = parts.getFirst().gemm();
    Operand weight = first.operands().get(1);
    Dim.Symbol n = HeadSplit.axis(weight.axes().get(2).name() + "n", columns);
    List<Dim.Symbol> axes = List.of(weight.axes().get(0), weight.axes().get(1), n);
    Expr value = Expr.literal(weight.value().dtype(), 0.0); // beyond all parts
    for (Part part : parts) { // each in its own bounds: what is otherwise is always evaluated
      Operand own = part.kernel.operands().get(1);
      Dim from = offsets.get(part.stage().target());
      Expr element =
          own.value()
              .substitute(
                  s -> {
                    int at = own.axes().indexOf(s);
                    return at < 0 ? null : at == 2 ? Dim.of(n).minus(from) : Dim.of(axes.get(at));
                  });
      Dim to = from.plus(part.gemm().n());
      value = Expr.guarded(Expr.within(Dim.of(n), from, to), element, value);
    }
    Stage old = parts.getFirst().stage();
    Dim.Symbol column = HeadSplit.axis(old.axes().get(2).name() + "n", columns);
    Expr sum = new Expr.Accumulator(DType.FLOAT32);
    Expr body =
        bias == null
            ? sum
            : Expr.binary(
                BinaryOp.ADD,
                sum,
                bias.substitute(s -> s.name().equals(BIAS) ? Dim.of(column) : null));
    Set<String> origins = new LinkedHashSet<>();
    parts.forEach(p -> origins.addAll(p.kernel.origins()));
    return new TemplateKernel(
        first.name(),
        new Template.Gemm(gemm.batch(), gemm.m(), columns, gemm.k()),
        List.of(first.operands().getFirst(), new Operand(axes, value)),
        "",
        new Stage(
            List.of(old.axes().get(0), old.axes().get(1), column),
            whole.name(),
            List.of(Dim.of(old.axes().get(1)), Dim.of(column)),
            body),
        List.copyOf(origins));
  }

  private static final String BIAS = "bias column";

  /** Joins the biases, at build time: element {@link #BIAS} of them; null if there is none. */
  private static Expr bias(
      List<Part> parts,
      Map<String, Dim> offsets,
      Dim columns,
      List<Kernel> kernels,
      Map<String, Buffer> buffers) {
    if (parts.stream().allMatch(p -> p.bias == null)) {
      return null;
    }
    String name = parts.getFirst().kernel.name() + "_biases";
    Buffer joined = Buffer.temp(name, DType.FLOAT32, List.of(columns)).withRole(Buffer.Role.FOLDED);
    buffers.put(name, joined);
    for (Part part : parts) {
      Dim.Symbol axis = HeadSplit.axis(name + kernels.size(), part.gemm().n());
      Expr element =
          part.bias == null
              ? Expr.literal(DType.FLOAT32, 0.0)
              : new Expr.Load(part.bias.buffer(), DType.FLOAT32, List.of(Dim.of(axis)));
      Dim at = offsets.get(part.stage().target()).plus(Dim.of(axis));
      kernels.add(
          new LoopKernel(
              name + kernels.size(),
              List.of(),
              List.of(new Stage(List.of(axis), name, List.of(at), element)),
              part.kernel.origins()));
    }
    return new Expr.Load(name, DType.FLOAT32, List.of(Dim.of(HeadSplit.axis(BIAS, columns))));
  }
}
