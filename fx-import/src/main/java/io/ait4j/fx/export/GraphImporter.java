package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.UnprovenEquality;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.EagerOperators;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Result;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the nodes of a program's graph, and of those nested in it, one by one. */
final class GraphImporter {
  private final Context context;
  private final Memory memory;
  private final EagerOperators operators;
  private final FileTyper typer;
  private final ScopeSizes sizes;
  private final TypeChecks checks;
  private final HigherOrder higherOrder;
  private final Set<Guard> guards = new LinkedHashSet<>();

  GraphImporter(
      Context context, Memory memory, FileTyper typer, Symbols symbols, TypeObserver observer) {
    this.context = context;
    this.memory = memory;
    this.operators = new EagerOperators(context, memory);
    this.typer = typer;
    this.sizes = new ScopeSizes(context, symbols);
    this.checks = new TypeChecks(context, symbols, observer);
    this.higherOrder = new HigherOrder(context, this);
  }

  ScopeSizes sizes() {
    return sizes;
  }

  /** What the program asserts of its symbols. */
  List<Guard> guards() {
    return List.copyOf(guards);
  }

  void run(Scope scope) {
    for (ProgramNode node : scope.graph().nodes()) {
      context.source = node.source();
      step(node, scope);
    }
  }

  private void step(ProgramNode node, Scope scope) {
    String target = node.target();
    if (sizes.bind(node, scope) || Assertions.drop(target)) {
      return;
    }
    if (target.endsWith("_assert_scalar.default")) {
      require(node, scope);
    } else if (target.startsWith("torch.ops.higher_order.")) {
      higherOrder.run(node, scope);
    } else if (target.startsWith("torch.ops.")) {
      operator(node, scope);
    } else {
      bind(
          node,
          scope,
          List.of(new Result.Plain(SizeFunctions.apply(context, node, args(node, scope)))));
    }
  }

  /** An assertion: a guard if it is one on the inputs' sizes; on data, PyTorch alone checks it. */
  private void require(ProgramNode node, Scope scope) {
    Argument first = node.inputs().isEmpty() ? Argument.NONE : node.inputs().getFirst().value();
    if (first instanceof Argument.Reference(Argument.Kind kind, String name)) {
      sizes.condition(scope, name).ifPresent(guards::addAll);
    } else if (first instanceof Argument.Constant(Arg.Bool(boolean holds)) && !holds) {
      throw context.refuse("the program asserts what is never true");
    }
  }

  private void operator(ProgramNode node, Scope scope) {
    bind(node, scope, call(readSize(target(node)), node, scope));
  }

  private OpTarget target(ProgramNode node) {
    try {
      return OpTarget.parse(node.target().substring("torch.ops.".length()));
    } catch (IllegalArgumentException e) {
      throw context.refuse("the program calls " + node.target() + ", which is no operator", e);
    }
  }

  /** A size that only the run tells is an int then; PyTorch's operator for it is TorchScript's. */
  private static OpTarget readSize(OpTarget target) {
    return switch (target.toString()) {
      case "aten::sym_size.int" -> OpTarget.parse("aten::size.int");
      case "aten::sym_stride.int" -> OpTarget.parse("aten::stride.int");
      case "aten::sym_numel" -> OpTarget.parse("aten::numel");
      default -> target;
    };
  }

  /** The results of an operator with a schema. */
  private List<Result> call(OpTarget target, ProgramNode node, Scope scope) {
    OperatorSchema schema;
    try {
      schema = context.builder().schema(target);
    } catch (ModelException e) {
      throw context.refuse(target + ": " + e.getMessage(), e);
    }
    List<Arg> positional = new ArrayList<>();
    Map<String, Arg> keywords = new HashMap<>();
    Map<Integer, List<TensorRef>> tensors = new HashMap<>();
    for (ProgramNode.Named input : node.inputs()) {
      Arg value = arg(input.value(), scope);
      List<TensorRef> refs = tensors(input.value(), scope);
      if (input.name().isEmpty()) {
        tensors.put(positional.size(), refs);
        positional.add(value);
      } else {
        tensors.put(schema.indexOf(input.name()), refs);
        keywords.put(input.name(), value);
      }
    }
    List<Arg> complete = schema.match(positional, keywords);
    List<List<TensorRef>> given = new ArrayList<>();
    for (int i = 0; i < complete.size(); i++) {
      given.add(tensors.getOrDefault(i, List.of()));
    }
    List<ValueMeta> types = checks.types(names(node.outputs()), scope);
    typer.turnTo(target, types);
    boolean byFile = !types.isEmpty() && !schema.mutates();
    if (byFile && isUntyped(complete) && isFunctional(schema)) {
      return asTyped(target, complete, types);
    }
    try {
      return operators.apply(target, complete, given);
    } catch (UnprovenEquality e) {
      if (!byFile) {
        throw e;
      }
      // PyTorch knew more when it exported the model: that is what the sizes have to fulfil.
      guards.add(new Guard(e.left(), Guard.Relation.EQ, e.right(), target.toString()));
      List<Result> results = asTyped(target, complete, types);
      if (!isFunctional(schema)) {
        results.forEach(r -> r.tensor().ifPresent(made -> doubt(made, given)));
      }
      return results;
    }
  }

  /** Whether some value is of unknown type, so that only the file can type what follows. */
  private boolean isUntyped(List<Arg> args) {
    boolean[] untyped = {false};
    args.forEach(
        a ->
            a.forEachValue(
                v -> untyped[0] |= context.builder().metaOf(v) instanceof ValueMeta.Opaque));
    return untyped[0];
  }

  private static boolean isFunctional(OperatorSchema schema) {
    return schema.returns().stream().allMatch(r -> r.aliasSet().isEmpty());
  }

  /** The operator as a node with the types that the file gives. */
  private List<Result> asTyped(OpTarget target, List<Arg> args, List<ValueMeta> types) {
    return context.builder().append(target, args, types, List.of(), context.source).stream()
        .map(this::fresh)
        .toList();
  }

  private void doubt(TensorRef made, List<List<TensorRef>> given) {
    given.forEach(refs -> refs.forEach(r -> memory.doubt(r.storage(), made.storage())));
  }

  /** A value of the graph in memory of its own. */
  Result fresh(Arg value) {
    return operators.fresh(value);
  }

  /** A value as the graph refers to it now. */
  Arg arg(Result value) {
    return switch (value) {
      case Result.Tensor(TensorRef ref) -> memory.read(ref);
      case Result.Plain(Arg arg) -> arg;
    };
  }

  /** Gives the results of a node the names that the file has for them, and checks their types. */
  void bind(ProgramNode node, Scope scope, List<Result> results) {
    List<String> names = names(node.outputs());
    if (names.size() > results.size()) {
      throw context.refuse(
          "%s yields %d results, and the program has names for %d"
              .formatted(node.target(), results.size(), names.size()));
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name != null) {
        define(scope, name, results.get(i));
        results.get(i).tensor().ifPresent(ref -> checks.check(scope, name, node.target(), ref));
      }
    }
  }

  void define(Scope scope, String name, Result value) {
    if (scope.values().put(name, value) != null) {
      throw context.refuse("the program defines " + name + " twice");
    }
  }

  /** Names in order; null for a result that is none. */
  private List<String> names(List<Argument> outputs) {
    List<String> names = new ArrayList<>();
    for (Argument output : outputs) {
      switch (output) {
        case Argument.Reference(Argument.Kind kind, String name) -> names.add(name);
        case Argument.Items(List<Argument> elements) -> names.addAll(names(elements));
        case Argument.Constant(Arg value) when value instanceof Arg.None -> names.add(null);
        default -> throw context.refuse("a node has the result " + output);
      }
    }
    return names;
  }

  List<Arg> args(ProgramNode node, Scope scope) {
    return node.inputs().stream().map(input -> arg(input.value(), scope)).toList();
  }

  /** An argument as the graph refers to it now. */
  Arg arg(Argument argument, Scope scope) {
    return switch (argument) {
      case Argument.Constant(Arg value) -> value;
      case Argument.Items(List<Argument> elements) ->
          new Arg.Sequence(elements.stream().map(e -> arg(e, scope)).toList());
      case Argument.Reference reference -> arg(value(reference, scope));
      case Argument.Complex c -> throw context.refuse("complex numbers are not supported");
      case Argument.Graph g -> throw context.refuse("an operator takes a graph, not supported");
      case Argument.Operator o -> throw context.refuse("an operator takes another, not supported");
      case Argument.Table t -> throw context.refuse("an operator takes a table, not supported");
    };
  }

  /** What a reference stands for. */
  Result value(Argument.Reference reference, Scope scope) {
    String name = reference.name();
    Result known = scope.values().get(name);
    if (known != null) {
      return known;
    }
    return switch (reference.kind()) {
      case CUSTOM_OBJECT ->
          throw context.refuse("the object " + name + " is used; custom objects are not supported");
      case SYM_INT ->
          new Result.Plain(Arg.of(sizes.size(scope, name).orElseThrow(() -> undefined(name))));
      case SYM_BOOL ->
          new Result.Plain(
              sizes
                  .decided(scope, name)
                  .orElseThrow(
                      () ->
                          scope.graph().bools().containsKey(name)
                              ? context.refuse(
                                  "what the model does depends on a comparison of its inputs' sizes ("
                                      + scope.graph().bools().get(name)
                                      + "); give constant sizes with --input")
                              : undefined(name)));
      default -> throw undefined(name);
    };
  }

  private ModelException undefined(String name) {
    return context.refuse(
        "the program uses " + name + " before it is defined; export the model again");
  }

  /** The tensors in an argument. */
  List<TensorRef> tensors(Argument argument, Scope scope) {
    return switch (argument) {
      case Argument.Reference reference ->
          value(reference, scope).tensor().map(List::of).orElse(List.of());
      case Argument.Items(List<Argument> elements) ->
          elements.stream().flatMap(e -> tensors(e, scope).stream()).toList();
      default -> List.of();
    };
  }
}
