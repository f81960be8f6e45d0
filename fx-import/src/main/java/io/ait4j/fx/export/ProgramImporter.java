package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.Guard;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Result;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a whole program to a graph: its inputs, its nodes, its outputs. */
final class ProgramImporter {
  private final ExportedProgram program;
  private final Map<String, Weight> stored;
  private final TypeObserver observer;
  private final Symbols symbols;

  private final FileTyper typer = new FileTyper();
  private final FxGraphBuilder builder = new FxGraphBuilder(typer);
  private final Context context = new Context(builder);
  private final Memory memory = new Memory(context);

  /** The tensors that the program was given, by the names of its inputs. */
  private final Map<String, TensorRef> given = new LinkedHashMap<>();

  /** The weights among them. */
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  /**
   * @param stored the weights by the paths by which the model knows them
   */
  ProgramImporter(
      ExportedProgram program,
      Map<String, Weight> stored,
      List<InputSpec> specs,
      TypeObserver observer) {
    this.program = program;
    this.stored = stored;
    this.observer = observer;
    this.symbols = InputSymbols.of(program, specs);
  }

  FxGraph graph() {
    Scope scope = new Scope(program.graph());
    bindInputs(scope);
    GraphImporter graphs = new GraphImporter(context, memory, typer, symbols, observer);
    graphs.run(scope);
    context.source = "";
    List<Guard> guards = new ArrayList<>(new GuardCode(program, symbols).guards());
    guards.addAll(graphs.guards());
    return new ProgramSignature(program, context, memory, graphs, scope, given, weights)
        .build(guards.stream().distinct().toList());
  }

  private void bindInputs(Scope scope) {
    for (ProgramInput input : program.inputs()) {
      switch (input) {
        case ProgramInput.User(Argument.Reference(Argument.Kind kind, String name))
            when kind == Argument.Kind.TENSOR ->
            user(scope, name);
        case ProgramInput.User(Argument.Constant c) -> {}
        case ProgramInput.User(Argument other) ->
            throw context.refuse(
                "the program has an input that is no tensor ("
                    + other
                    + "); export the model with a constant in its place");
        case ProgramInput.Stored(String name, String path, Weight.Kind kind) ->
            stored(scope, name, path);
        case ProgramInput.Constant(String name, Argument.Constant(Arg value)) ->
            scope.values().put(name, new Result.Plain(value));
        case ProgramInput.Constant(String name, Argument other) ->
            throw context.refuse("the program's constant input " + name + " is no number or text");
        case ProgramInput.Unsupported(String kind, String name) ->
            throw context.refuse(
                "the program has an input of the kind %s (%s), which is not supported; export the model without it"
                    .formatted(kind, name));
      }
    }
  }

  private void user(Scope scope, String name) {
    TensorType type = type(scope, name);
    TensorMeta meta = meta(name, type);
    bind(scope, name, memory.owned(Storage.Owner.READER, name, builder.input(name, meta)));
  }

  private void stored(Scope scope, String name, String path) {
    Weight weight = stored.get(path);
    TensorMeta declared = meta(name, type(scope, name));
    if (weight.meta().dtype() != declared.dtype()
        || !weight.meta().shape().equals(declared.shape())) {
      throw context.refuse(
          "the weight %s is %s in the archive, and the program wants %s; export the model again"
              .formatted(path, weight.meta(), declared));
    }
    weights.put(name, weight);
    bind(scope, name, memory.owned(Storage.Owner.READER, path, builder.attribute(weight)));
  }

  private void bind(Scope scope, String name, TensorRef ref) {
    if (scope.values().put(name, new Result.Tensor(ref)) != null) {
      throw context.refuse("the program has two inputs named " + name);
    }
    given.put(name, ref);
  }

  private TensorType type(Scope scope, String name) {
    TensorType type = scope.graph().tensors().get(name);
    if (type == null) {
      throw context.refuse("the program does not give the type of its input " + name);
    }
    return type;
  }

  private TensorMeta meta(String name, TensorType type) {
    DType dtype = type.dtype();
    if (dtype == null || !type.layout().equals("strided")) {
      throw context.refuse(
          "the input %s is a tensor of %s, which is not supported"
              .formatted(name, dtype == null ? type.dtypeName() : "layout " + type.layout()));
    }
    List<Dim> shape = symbols.dims(type.sizes()).orElseThrow(() -> undetermined(name));
    List<Dim> strides = symbols.dims(type.strides()).orElseThrow(() -> undetermined(name));
    return new TensorMeta(dtype, new ArrayList<>(shape), strides);
  }

  private RuntimeException undetermined(String name) {
    return context.refuse("the size of the input " + name + " depends on data");
  }
}
