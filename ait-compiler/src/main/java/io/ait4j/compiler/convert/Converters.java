package io.ait4j.compiler.convert;

import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.GpuFunction;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.LikelySizes;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.Providers;
import io.ait4j.fx.rules.StayReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * From graph to program, node by node, and the answer whether that works for a node: both run the
 * same converter, so that they cannot disagree.
 */
public final class Converters implements OperatorSupport {
  private static final List<ConverterProvider> OWN =
      List.of(
          new PointwiseConverters(),
          new SpecialFunctionConverters(),
          new ReductionConverters(),
          new ViewConverters(),
          new NormConverters(),
          new GemmConverters(),
          new ConvolutionConverters(),
          new AttentionConverters(),
          new PoolingConverters(),
          new ResizeConverters(),
          new AntialiasConverters(),
          new SamplingConverters(),
          new IndexingConverters(),
          new OrderConverters(),
          new ScanConverters(),
          new FoldConverters(),
          new SearchConverters(),
          new RecurrentConverters(),
          new ScatterConverters(),
          new IndexPutConverters(),
          new ConstructorConverters());

  private final Map<String, Converter> table = new HashMap<>();
  private final Target target;

  /** {@link #Converters(Target)} for CPUs. */
  public Converters() {
    this(CpuTarget.NATIVE);
  }

  /**
   * Our own and those of jars beside ours, which come before ours.
   *
   * @throws ModelException (USAGE) naming the provider that cannot be used
   */
  public Converters(Target target) {
    this(target, Providers.of(ConverterProvider.class));
  }

  Converters(Target target, List<ConverterProvider> others) {
    this.target = target;
    OWN.forEach(provider -> table.putAll(provider.converters()));
    for (ConverterProvider provider : others) {
      try {
        provider.converters().forEach(this::add);
      } catch (RuntimeException | LinkageError e) { // it is not ours
        throw Providers.broken(provider.getClass(), e);
      }
    }
  }

  private void add(String operator, Converter converter) {
    OpTarget target = OpTarget.parse(operator);
    if (converter == null) {
      throw new IllegalArgumentException(target + " has no converter");
    }
    table.put(target.toString(), converter);
  }

  /**
   * A converted graph: the program, and which buffer holds each attribute of the graph, by its
   * value's name.
   */
  public record Converted(Program program, Map<String, String> weights) {}

  /** The operators that have a converter, which may still refuse a node. */
  Set<OpTarget> targets() {
    return table.keySet().stream().map(OpTarget::parse).collect(Collectors.toUnmodifiableSet());
  }

  /** Converts a whole partition; throws {@link ModelException} naming a node that cannot be. */
  public Converted convert(FxGraph graph) {
    ProgramBuilder builder = new ProgramBuilder(symbols(graph), target);
    for (FxValue value : graph.inputs()) {
      bind(value, builder::input, "input");
    }
    for (FxValue value : graph.attributes()) {
      bind(value, builder::weight, "attribute");
    }
    for (FxNode node : graph.nodes()) {
      try {
        convert(builder, node);
      } catch (UnsupportedNodeException e) {
        throw new ModelException(
            ModelException.Kind.COMPILE, "cannot compile " + node + ": " + e.getMessage());
      }
    }
    return new Converted(builder.build(graph), builder.weightBuffers(graph));
  }

  private static List<Dim.Symbol> symbols(FxGraph graph) {
    try {
      return SymbolTable.of(graph);
    } catch (UnsupportedNodeException e) {
      throw new ModelException(ModelException.Kind.COMPILE, "cannot compile " + e.getMessage());
    }
  }

  private static void bind(FxValue value, Consumer<FxValue> binder, String role) {
    try {
      Compilable.check(value);
    } catch (UnsupportedNodeException e) {
      throw new ModelException(
          ModelException.Kind.COMPILE, "cannot compile " + role + ": " + e.getMessage());
    }
    binder.accept(value);
  }

  private void convert(ProgramBuilder builder, FxNode node) {
    Converter converter = table.get(node.target().toString());
    if (converter == null) {
      throw new UnsupportedNodeException(
          "no converter for " + node.target() + ", which " + StayReason.of(node.target()).text());
    }
    node.results().forEach(Compilable::check);
    try {
      builder.convert(node, converter, this::check);
    } catch (UnsupportedNodeException e) {
      throw e;
    } catch (RuntimeException e) { // a converter that trips over arguments it did not foresee
      throw new UnsupportedNodeException("the converter of " + node.target() + " fails: " + e);
    }
  }

  /** Whether the target can run a kernel. */
  private void check(Kernel kernel) {
    if (target instanceof CudaTarget
        && kernel instanceof FunctionKernel function
        && GpuFunction.of(function).isEmpty()) {
      throw new UnsupportedNodeException(
          "the function %s of %s has no kernel for GPUs"
              .formatted(function.function(), function.header().name()));
    }
  }

  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    try {
      Map<String, FxValue> values = graph.values();
      List<FxValue> inputs = new ArrayList<>();
      for (String name : node.inputs()) {
        FxValue value = values.get(name);
        if (value == null) {
          throw new UnsupportedNodeException("operand %" + name + " comes from outside its block");
        }
        Compilable.check(value);
        inputs.add(value);
      }
      ProgramBuilder builder = new ProgramBuilder(SymbolTable.of(inputs, node), target);
      inputs.forEach(builder::input);
      convert(builder, node);
      Dim flops = builder.flops();
      return Verdict.yes(LikelySizes.of(flops));
    } catch (UnsupportedNodeException e) {
      return Verdict.no(e.getMessage());
    }
  }
}
