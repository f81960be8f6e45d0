package io.ait4j.compiler.ir;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is legal in a {@link Program}: every converter and every pass must leave one that passes.
 * The pipeline asks after each.
 */
public final class Verifier {
  private final Program program;
  private final Map<String, List<Kernel>> writers;

  private Verifier(Program program) {
    this.program = program;
    writers = program.writers();
  }

  /** Throws {@link IllegalStateException} naming the kernel and the rule that is broken. */
  public static void verify(Program program) {
    Verifier verifier = new Verifier(program);
    verifier.buffers();
    verifier.order();
    program.kernels().forEach(verifier::kernel);
  }

  private static void require(boolean condition, String kernel, String rule) {
    if (!condition) {
      throw new IllegalStateException(kernel + ": " + rule);
    }
  }

  private void buffers() {
    program
        .buffers()
        .forEach(
            (name, buffer) -> {
              require(name.equals(buffer.name()), name, "is filed under another name");
              require(
                  buffer.shape().size() == buffer.strides().size(),
                  name,
                  "has "
                      + buffer.shape().size()
                      + " sizes and "
                      + buffer.strides().size()
                      + " strides");
            });
    for (String name : program.inputs()) {
      require(program.buffer(name).role() == Buffer.Role.INPUT, name, "is listed as an input");
    }
    for (String name : program.outputs()) {
      require(program.buffer(name).role() == Buffer.Role.OUTPUT, name, "is listed as an output");
    }
  }

  /**
   * A buffer is read only after it is written, and written after a read only if it has several
   * writers: concatenations that share one are read part by part. Which part a load reads, and
   * whether that one is written by then, is not asked. Constants depend on constants alone.
   */
  private void order() {
    Set<String> names = new HashSet<>();
    Set<String> written = new HashSet<>();
    Set<String> read = new HashSet<>();
    Set<String> locals = new HashSet<>();
    for (Kernel kernel : program.kernels()) {
      require(names.add(kernel.name()), kernel.name(), "is the name of two kernels");
      for (String name : kernel.reads()) {
        Buffer buffer = program.buffer(name);
        require(
            buffer.role() == Buffer.Role.INPUT
                || buffer.role() == Buffer.Role.WEIGHT
                || written.contains(name),
            kernel.name(),
            "reads " + name + " before it is written");
        read.add(name);
      }
      for (String name : kernel.writes()) {
        Buffer buffer = program.buffer(name);
        require(
            buffer.role() != Buffer.Role.INPUT && buffer.role() != Buffer.Role.WEIGHT,
            kernel.name(),
            "writes " + name + ", which belongs to the caller");
        require(
            !read.contains(name) || writers.get(name).size() > 1, // another part of it was read
            kernel.name(),
            "writes " + name + " after it has been read");
        require(
            buffer.role() != Buffer.Role.FOLDED || program.isConstant(kernel),
            kernel.name(),
            "folds " + name + " from what is no constant");
        written.add(name);
      }
      kernel.buffers().stream()
          .filter(name -> program.buffer(name).role() == Buffer.Role.LOCAL)
          .forEach(
              name ->
                  require(
                      locals.add(name), kernel.name(), "shares local " + name + " with another"));
    }
    for (String name : program.outputs()) {
      require(written.contains(name), name, "is an output that nobody writes");
    }
  }

  private void kernel(Kernel kernel) {
    switch (kernel) {
      case LoopKernel loop -> loop(loop);
      case TemplateKernel template -> template(template);
      case FunctionKernel function -> function(function);
      case PackKernel pack -> {
        require(
            pack.template() instanceof Template.Gemm || pack.template() instanceof Template.Conv,
            pack.name(),
            "packs for a template that reads nothing packed");
        operand(pack.name(), pack.operand(), null);
      }
    }
  }

  private void loop(LoopKernel loop) {
    Set<String> done = new HashSet<>();
    Set<String> written = new HashSet<>(loop.writes());
    written.removeIf(name -> writers.get(name).size() > 1); // another part may be read
    for (Stage stage : loop.stages()) {
      Set<Dim.Symbol> scope = axes(loop.name(), loop.outer(), stage.axes());
      store(loop.name(), stage, scope, null);
      for (Expr.Load load : stage.body().loads()) {
        require(
            !written.contains(load.buffer()) || done.contains(load.buffer()),
            loop.name(),
            "reads " + load.buffer() + " in or before the stage that writes it");
      }
      done.add(stage.target());
    }
  }

  private static Set<Dim.Symbol> axes(
      String kernel, List<Dim.Symbol> outer, List<Dim.Symbol> inner) {
    Set<Dim.Symbol> scope = new HashSet<>(outer);
    scope.addAll(inner);
    require(scope.size() == outer.size() + inner.size(), kernel, "has an axis twice");
    return scope;
  }

  private void store(String kernel, Stage stage, Set<Dim.Symbol> scope, DType accumulator) {
    Buffer target = program.buffer(stage.target());
    require(
        stage.body().dtype() == target.dtype(),
        kernel,
        "stores " + stage.body().dtype() + " in " + target.name() + " of " + target.dtype());
    index(kernel, "stores to", target, stage.index(), scope);
    new ExprVerifier(program, kernel, accumulator).verify(stage.body(), scope);
  }

  static void index(
      String kernel, String verb, Buffer buffer, List<Dim> index, Set<Dim.Symbol> scope) {
    String what = verb + " " + buffer.name() + index;
    require(
        buffer.shape().size() == index.size(),
        kernel,
        what + ", which has rank " + buffer.shape().size());
    for (Dim at : index) {
      for (Dim.Symbol symbol : at.symbols()) {
        require(
            scope.contains(symbol) || symbol.extent() == null,
            kernel,
            what + ": " + symbol.name() + " is not in scope");
      }
    }
  }

  private void template(TemplateKernel kernel) {
    String name = kernel.name();
    List<List<Dim>> spaces = spaces(kernel.template());
    int operands = kernel.operands().size();
    boolean masked = kernel.template() instanceof Template.Attention && operands == 4;
    require(operands == spaces.size() - 2 || masked, name, "has " + operands + " operands");
    for (int i = 0; i < operands; i++) {
      extents(name, "operand " + i, kernel.operands().get(i).axes(), spaces.get(i));
      boolean scores = i == 3 && kernel.template() instanceof Template.Attention;
      if (i != 1 || kernel.packed().isEmpty()) { // else what it was packed from may be gone
        operand(name, kernel.operands().get(i), scores ? DType.FLOAT32 : null);
      }
    }
    extents(name, "the epilogue", kernel.epilogue().axes(), spaces.getLast());
    if (!kernel.packed().isEmpty()) {
      program.buffer(kernel.packed());
    }
    Set<Dim.Symbol> scope = axes(name, List.of(), kernel.epilogue().axes());
    store(name, kernel.epilogue(), scope, DType.FLOAT32);
    require(!kernel.readsTarget(), name, "reads what it writes");
  }

  /** The iteration spaces of the operands, an optional one included, and of the epilogue. */
  private static List<List<Dim>> spaces(Template template) {
    return switch (template) {
      case Template.Gemm g ->
          List.of(
              List.of(g.batch(), g.m(), g.k()),
              List.of(g.batch(), g.k(), g.n()),
              List.of(),
              List.of(g.batch(), g.m(), g.n()));
      case Template.Conv c -> List.of(c.image(), c.weight(), List.of(), c.result());
      case Template.Attention a ->
          List.of(
              List.of(a.batch(), a.heads(), a.queryLength(), a.headDim()),
              List.of(a.batch(), a.kvHeads(), a.keyLength(), a.headDim()),
              List.of(a.batch(), a.kvHeads(), a.keyLength(), a.valueDim()),
              List.of(a.batch(), a.heads(), a.queryLength(), a.keyLength()),
              List.of(a.batch(), a.heads(), a.queryLength(), a.valueDim()));
    };
  }

  private static void extents(String kernel, String what, List<Dim.Symbol> axes, List<Dim> space) {
    List<Dim> extents = axes.stream().map(Dim.Symbol::extent).toList();
    require(extents.equals(space), kernel, what + " runs over " + extents + " instead of " + space);
  }

  private void function(FunctionKernel kernel) {
    String name = kernel.name();
    for (FunctionKernel.Argument argument : kernel.arguments()) {
      switch (argument) {
        case FunctionKernel.Read(Operand operand) -> {
          Set<Dim.Symbol> scope = axes(name, List.of(), operand.axes());
          new ExprVerifier(program, name, null).verify(operand.value(), scope);
          require(Strides.of(program, operand).isPresent(), name, "reads what no strides can say");
        }
        case FunctionKernel.Write write -> {
          Buffer target = program.buffer(write.target());
          Set<Dim.Symbol> scope = axes(name, List.of(), write.axes());
          index(name, "writes", target, write.index(), scope);
          require(
              Strides.of(target, write.axes(), write.index()).isPresent(),
              name,
              "writes what no strides can say");
          require(
              !kernel.reads().contains(write.target())
                  || writers.get(write.target()).size() > 1, // another part of it is read
              name,
              "reads what it writes");
        }
        case FunctionKernel.Scratch(String buffer) -> scratch(name, buffer);
        case FunctionKernel.Workspace(String buffer) -> scratch(name, buffer);
        case FunctionKernel.Size(Dim value) ->
            require(Sizes.isFixed(value), name, "gets a number that varies in a run");
        case FunctionKernel.Real real -> {}
      }
    }
    require(!kernel.results().isEmpty(), name, "has no result");
  }

  private void scratch(String kernel, String buffer) {
    require(
        program.readers().getOrDefault(buffer, List.of()).isEmpty(),
        kernel,
        "has scratch that another reads");
  }

  private void operand(String kernel, Operand operand, DType accumulator) {
    require(
        operand.value().dtype() == DType.FLOAT32,
        kernel,
        "has an operand of " + operand.value().dtype());
    Set<Dim.Symbol> scope = axes(kernel, List.of(), operand.axes());
    new ExprVerifier(program, kernel, accumulator).verify(operand.value(), scope);
  }
}
