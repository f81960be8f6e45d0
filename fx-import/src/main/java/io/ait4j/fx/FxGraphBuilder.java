package io.ait4j.fx;

import io.ait4j.fx.decompose.Decomposition;
import io.ait4j.fx.decompose.Decompositions;
import io.ait4j.fx.rules.ShapeRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes an {@link FxGraph}, node by node: completes each operator's arguments by its schema,
 * decomposes it if {@link Decompositions} says how, types its results and names them. Dead nodes
 * and unused attributes are left out of the graph.
 *
 * <p>Not thread-safe. A decomposition writes through the same builder, with {@link #call}.
 */
public final class FxGraphBuilder {
  private final Typer typer;
  private final FxGraphBuilder outer;
  private final ValueNames names;
  private final Map<String, ValueMeta> metas = new HashMap<>();
  private final List<FxValue> inputs = new ArrayList<>();
  private final Map<String, FxValue> attributes = new LinkedHashMap<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final List<FxNode> nodes = new ArrayList<>();
  private String source = "";
  private int depth;

  public FxGraphBuilder(Typer typer) {
    this(typer, null, new ValueNames());
  }

  private FxGraphBuilder(Typer typer, FxGraphBuilder outer, ValueNames names) {
    this.typer = typer;
    this.outer = outer;
    this.names = names;
  }

  /** A builder of a block in this graph: it sees the values of this one. */
  public FxGraphBuilder block() {
    FxGraphBuilder block = new FxGraphBuilder(typer, this, names);
    block.source = source;
    return block;
  }

  /** Adds an input; its name is {@code name}, or the nearest free one. */
  public Arg.Value input(String name, ValueMeta meta) {
    FxValue value = new FxValue(names.fresh(name), meta);
    inputs.add(value);
    metas.put(value.name(), meta);
    return new Arg.Value(value.name());
  }

  /**
   * The value bound to a weight; the same one for the same weight name. In a block: the graph's.
   */
  public Arg.Value attribute(Weight weight) {
    if (outer != null) {
      return outer.attribute(weight);
    }
    FxValue value =
        attributes.computeIfAbsent(
            weight.name(), name -> new FxValue(names.fresh(name), weight.meta()));
    weights.putIfAbsent(value.name(), weight);
    metas.put(value.name(), value.meta());
    return new Arg.Value(value.name());
  }

  /** The weight that a value is bound to, empty if it is no attribute. */
  public Optional<Weight> weightOf(String value) {
    return outer != null ? outer.weightOf(value) : Optional.ofNullable(weights.get(value));
  }

  /** The type of a value; throws {@link IllegalArgumentException} if there is no such value. */
  public ValueMeta metaOf(String value) {
    ValueMeta meta = metas.get(value);
    if (meta != null) {
      return meta;
    }
    if (outer == null) {
      throw new IllegalArgumentException("the graph has no value %" + value);
    }
    return outer.metaOf(value);
  }

  /**
   * The type of an argument that is a tensor of known shape; throws {@link
   * IllegalArgumentException} otherwise.
   */
  public TensorMeta meta(Arg arg) {
    if (arg instanceof Arg.Value(String name) && metaOf(name) instanceof TensorMeta tensor) {
      return tensor;
    }
    throw new IllegalArgumentException(FxPrinter.arg(arg) + " is not a tensor of known shape");
  }

  /** True if the argument is a tensor of known shape. */
  public boolean isTensor(Arg arg) {
    return arg instanceof Arg.Value(String name) && metaOf(name) instanceof TensorMeta;
  }

  /** Where the operator being emitted comes from. */
  public String source() {
    return source;
  }

  /**
   * The single result of an operator, given with its leading arguments; the source is that of the
   * operator being decomposed.
   */
  public Arg call(String target, Arg... args) {
    List<Arg> results = emit(OpTarget.parse(target), List.of(args), source);
    if (results.size() != 1) {
      throw new IllegalStateException(target + " has " + results.size() + " results");
    }
    return results.getFirst();
  }

  /**
   * Adds an operator: by its decomposition if there is one, else as a node.
   *
   * @param target its name
   * @param args in schema order; arguments with defaults may be left out at the end
   * @param from where the user wrote it
   * @return its results, those of a list one by one: values of the graph, or constants
   * @throws ModelException (IMPORT) naming operator and source if nobody knows the operator or it
   *     does not take these arguments
   */
  public List<Arg> emit(OpTarget target, List<Arg> args, String from) {
    String enclosing = source;
    source = from;
    depth++;
    try {
      OperatorSchema schema = schema(target);
      List<Arg> complete = schema.match(args);
      if (isTyped(complete)) {
        Optional<Decomposition> decomposition = Decompositions.find(target);
        if (decomposition.isPresent()) {
          return decomposition.get().apply(this, complete, from);
        }
      }
      return append(schema, complete);
    } catch (ModelException e) {
      if (depth > 1) {
        throw e;
      }
      throw e instanceof UnprovenEquality u ? u.at(where(target, from)) : located(target, from, e);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      if (depth > 1) {
        throw e;
      }
      throw located(target, from, e);
    } catch (IndexOutOfBoundsException | NoSuchElementException | ClassCastException e) {
      if (depth > 1) {
        throw e;
      }
      throw misfit(target, args, from, e);
    } finally {
      depth--;
      source = enclosing;
    }
  }

  /** Adds an operator as a node, whether or not it has a decomposition. */
  public List<Arg> keep(OpTarget target, List<Arg> args) {
    OperatorSchema schema = schema(target);
    return append(schema, schema.match(args));
  }

  /** The same for a reader, which says where the user wrote it. */
  public List<Arg> keep(OpTarget target, List<Arg> args, String from) {
    String enclosing = source;
    source = from;
    try {
      return keep(target, args);
    } finally {
      source = enclosing;
    }
  }

  /**
   * Adds a node whose result types its reader knows (control flow, a file that holds all types).
   */
  public List<Arg> append(
      OpTarget target, List<Arg> args, List<ValueMeta> types, List<FxGraph> blocks, String from) {
    RefusedOperators.check(target, from);
    List<FxValue> results = new ArrayList<>();
    for (ValueMeta type : types) {
      FxValue value = new FxValue(names.fresh(target.name()), type);
      metas.put(value.name(), type);
      results.add(value);
    }
    String name = results.isEmpty() ? names.fresh(target.name()) : results.getFirst().name();
    nodes.add(new FxNode(name, target, args, results, blocks, from));
    return results.stream().map(v -> (Arg) new Arg.Value(v.name())).toList();
  }

  /** The schema of an operator, from the table or else from the typer. */
  public OperatorSchema schema(OpTarget target) {
    RefusedOperators.check(target, "");
    return OperatorSchemas.find(target)
        .or(() -> typer.schema(target))
        .orElseThrow(
            () ->
                new ModelException(
                    ModelException.Kind.IMPORT,
                    "nobody implements this operator: PyTorch 2.10 has no schema of that name and"
                        + " overload. If it comes from an extension, export the model without it or"
                        + " put the extension's library on the library path"));
  }

  /** The graph made so far, with what its outputs do not need left out. */
  public FxGraph build(List<Arg> outputs) {
    Set<String> live = new HashSet<>();
    outputs.forEach(arg -> arg.forEachValue(live::add));
    List<FxNode> kept = new ArrayList<>();
    for (FxNode node : nodes.reversed()) {
      if (node.results().stream().anyMatch(v -> live.contains(v.name()))) {
        live.addAll(node.inputs());
        kept.add(node);
      }
    }
    List<FxValue> usedAttributes =
        attributes.values().stream().filter(v -> live.contains(v.name())).toList();
    Map<String, Weight> usedWeights = new LinkedHashMap<>();
    usedAttributes.forEach(v -> usedWeights.put(v.name(), weights.get(v.name())));
    return new FxGraph(inputs, usedAttributes, kept.reversed(), outputs, usedWeights);
  }

  private List<Arg> append(OperatorSchema schema, List<Arg> args) {
    Optional<List<ValueMeta>> types =
        ShapeRules.infer(schema.target(), args, this::metaOf)
            .or(() -> isTyped(args) ? typer.type(schema, args, this::metaOf) : Optional.empty());
    return append(
        schema.target(), args, types.orElseGet(() -> untyped(schema, args)), List.of(), source);
  }

  /** True if all values are tensors of known shape, as decompositions and shape rules want them. */
  private boolean isTyped(List<Arg> args) {
    boolean[] typed = {true};
    args.forEach(a -> a.forEachValue(name -> typed[0] &= metaOf(name) instanceof TensorMeta));
    return typed[0];
  }

  private List<ValueMeta> untyped(OperatorSchema schema, List<Arg> args) {
    boolean reads =
        schema.returns().size() == 1 && schema.returns().getFirst().base().equals("Scalar");
    if (reads && !args.isEmpty() && isTensor(args.getFirst())) {
      DType dtype = meta(args.getFirst()).dtype();
      return List.of(
          dtype == DType.BOOL || dtype.isComplex()
              ? new ValueMeta.Scalar(dtype)
              : new ValueMeta.Scalar(dtype.isInteger() ? DType.INT64 : DType.FLOAT64));
    }
    return schema.returns().stream().map(FxGraphBuilder::untyped).toList();
  }

  private static ValueMeta untyped(SchemaType type) {
    return type.isList() || type.optional()
        ? new ValueMeta.Opaque(type.toString())
        : switch (type.base()) {
          case "int", "SymInt" -> new ValueMeta.Scalar(DType.INT64);
          case "float" -> new ValueMeta.Scalar(DType.FLOAT64);
          case "bool" -> new ValueMeta.Scalar(DType.BOOL);
          default -> new ValueMeta.Opaque(type.base());
        };
  }

  private static ModelException located(OpTarget target, String from, RuntimeException e) {
    String problem =
        e instanceof ArithmeticException
            ? "a size or a number of elements is beyond 2^63; check the model and its inputs' shapes"
            : e.getMessage();
    return new ModelException(ModelException.Kind.IMPORT, where(target, from) + ": " + problem, e);
  }

  /** For arguments that an operator's schema allows and its meaning does not. */
  private ModelException misfit(
      OpTarget target, List<Arg> args, String from, RuntimeException cause) {
    String given =
        args.stream()
            .map(a -> isTensor(a) ? meta(a).toString() : FxPrinter.arg(a))
            .collect(Collectors.joining(", ", "(", ")"));
    return new ModelException(
        ModelException.Kind.IMPORT,
        where(target, from)
            + ": it does not take arguments of these ranks and lengths: "
            + given
            + "; check the model and its inputs' shapes",
        cause);
  }

  private static String where(OpTarget target, String from) {
    return target + (from.isEmpty() ? "" : " at " + from);
  }
}
