package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.IValueOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.MethodOptional;

/** Runs TorchScript's graphs on what is known of their values, writing the rest to an FxGraph. */
final class Interpreter {
  private final Context context;
  private final Attributes attributes;
  private final Constants constants;
  private final JitGraphReader graphs;
  private final Containers containers;
  private final Folding folding;
  private final TensorOps tensors;
  private final ControlFlow controlFlow;
  private final Optionals optionals;
  private final GrowingLists growing;
  private final Map<String, JitGraph> methods = new HashMap<>();
  private int calls;

  Interpreter(
      Context context,
      Memory memory,
      Constants constants,
      Attributes attributes,
      Guards guards,
      Set<String> growing) {
    this.context = context;
    this.attributes = attributes;
    this.constants = constants;
    this.graphs = new JitGraphReader(constants);
    this.containers = new Containers(context);
    this.folding = new Folding(context, memory, constants, containers);
    this.tensors = new TensorOps(context, memory, guards);
    this.growing = new GrowingLists(context, memory, tensors, growing);
    this.optionals = new Optionals(context, tensors);
    this.controlFlow = new ControlFlow(context, memory, tensors, this, guards);
  }

  /** A value as the graph refers to it. */
  Arg arg(JitValue value) {
    return tensors.arg(value);
  }

  /** Calls a method of a module. */
  List<JitValue> call(JitValue.Module module, String method, List<JitValue> args) {
    List<JitValue> all = new ArrayList<>();
    all.add(module);
    all.addAll(args);
    return run(method(module, method), all, module.path());
  }

  JitGraph method(JitValue.Module module, String name) {
    try (PointerScope scope = new PointerScope()) {
      JitModule jit = module.module();
      String key = jit.type().str().getString() + "." + name;
      JitGraph known = methods.get(key);
      if (known != null) {
        return known;
      }
      MethodOptional found = jit.find_method(name);
      if (!found.has_value()) {
        throw context.refuse(
            "the module "
                + (module.path().isEmpty() ? "" : module.path() + " ")
                + "has no method "
                + name);
      }
      JitGraph graph = graphs.read(found.get().graph());
      methods.put(key, graph);
      return graph;
    }
  }

  /** The default values of a method's parameters, the module itself left out; null for none. */
  List<JitValue> defaults(JitValue.Module module, String method) {
    List<JitValue> defaults = new ArrayList<>();
    int count = method(module, method).inputs().size();
    try (PointerScope scope = new PointerScope()) {
      FunctionSchema schema = module.module().find_method(method).get().function().getSchema();
      for (int i = 1; i < count; i++) {
        IValueOptional value = schema.arguments().getPointer(i).default_value();
        defaults.add(value.has_value() ? constants.read(value.get(), "default") : null);
      }
    }
    return defaults;
  }

  private List<JitValue> run(JitGraph graph, List<JitValue> args, String path) {
    if (calls > 500) {
      throw context.refuse("the model's methods call each other without end");
    }
    Map<Long, JitValue> env = new HashMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      env.put(graph.inputs().get(i).id(), args.get(i));
    }
    calls++;
    String caller = context.source;
    try {
      return walk(graph, env, path);
    } finally {
      calls--;
      context.source = caller;
    }
  }

  /** Runs a graph or block in an environment that holds its inputs; its outputs. */
  List<JitValue> walk(JitGraph graph, Map<Long, JitValue> env, String path) {
    for (JitOp op : graph.ops()) {
      context.source = op.source().isEmpty() ? path : op.source();
      List<JitValue> in = op.inputs().stream().map(env::get).toList();
      List<JitValue> out = step(op, in, env, path);
      for (int i = 0; i < op.outputs().size(); i++) {
        env.put(op.outputs().get(i).id(), out.get(i));
      }
    }
    return graph.outputs().stream().map(env::get).toList();
  }

  private List<JitValue> step(JitOp op, List<JitValue> in, Map<Long, JitValue> env, String path) {
    return switch (op.kind()) {
      case "prim::Constant" -> List.of(op.constant());
      case "prim::GetAttr" -> List.of(attributes.get(in.getFirst(), op.name()));
      case "prim::SetAttr" -> {
        attributes.set(in.getFirst(), op.name(), in.get(1));
        yield List.of();
      }
      case "prim::CallMethod" -> {
        if (!(in.getFirst() instanceof JitValue.Module module)) {
          throw context.refuse(
              "the method "
                  + op.name()
                  + " of an object that is no module is called, not supported");
        }
        yield call(module, op.name(), in.subList(1, in.size()));
      }
      case "prim::CallFunction" -> {
        if (!(in.getFirst() instanceof JitValue.Callable function)) {
          throw context.refuse("a function is called that libtorch does not show");
        }
        yield run(function.body(), in.subList(1, in.size()), path);
      }
      case "prim::data" -> List.of(in.getFirst());
      case "prim::unchecked_cast", "prim::unchecked_unwrap_optional", "aten::_unwrap_optional" ->
          List.of(optionals.unwrap(in.getFirst(), op));
      case "aten::__is__", "aten::__isnot__" -> List.of(optionals.is(op, in.get(0), in.get(1)));
      case "prim::Uninitialized" -> List.of(new JitValue.Unset());
      case "prim::tolist" -> List.of(tensors.toList(in.getFirst()));
      case "prim::Print", "aten::warn" -> List.of();
      case "prim::RaiseException" ->
          throw context.refuse("for these inputs the model raises an exception" + message(in));
      case "prim::If" -> controlFlow.branch(op, in, env, path);
      case "prim::Loop" -> controlFlow.loop(op, in, env, path);
      default ->
          byData(op, in)
              .or(() -> growing.apply(op, in, path))
              .or(() -> containers.apply(op, in, path))
              .or(() -> folding.apply(op, in))
              .orElseGet(() -> tensorOp(op, in));
    };
  }

  /** Operators on lists and strings whose result only a run can tell. */
  private Optional<List<JitValue>> byData(JitOp op, List<JitValue> in) {
    if (op.kind().equals("aten::__getitem__")
        && in.get(0) instanceof JitValue.Items list
        && !in.get(1).isKnown()) {
      return Optional.of(List.of(tensors.element(op, list, in.get(1))));
    }
    return op.kind().equals("aten::format") && !in.stream().allMatch(JitValue::isKnown)
        ? Optional.of(List.of(new JitValue.Unset()))
        : Optional.empty();
  }

  private List<JitValue> tensorOp(JitOp op, List<JitValue> in) {
    if (op.target().namespace().equals("prim") && op.kind().matches("prim::[A-Z].*")) {
      throw context.refuse(
          "TorchScript's "
              + op.kind()
              + " is not supported; trace the model, or rewrite this part");
    }
    return tensors.apply(op, in);
  }

  private static String message(List<JitValue> in) {
    return !in.isEmpty() && in.getFirst() instanceof JitValue.Leaf(Arg.Str(String text))
        ? ": " + text
        : "";
  }
}
