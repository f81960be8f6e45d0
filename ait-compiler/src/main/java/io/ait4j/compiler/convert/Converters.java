package io.ait4j.compiler.convert;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.TensorMeta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * From graph to program, node by node, and the answer whether that works for a node: both run the
 * same converter, so that they cannot disagree.
 */
public final class Converters implements OperatorSupport {
  private static final List<ConverterProvider> OWN =
      List.of(
          new PointwiseConverters(),
          new ReductionConverters(),
          new ViewConverters(),
          new NormConverters(),
          new GemmConverters(),
          new ConvolutionConverters(),
          new AttentionConverters(),
          new PoolingConverters(),
          new IndexingConverters(),
          new ConstructorConverters());

  private final Map<String, Converter> table = new HashMap<>();

  public Converters() {
    OWN.forEach(provider -> table.putAll(provider.converters()));
    ServiceLoader.load(ConverterProvider.class)
        .forEach(provider -> table.putAll(provider.converters()));
  }

  /**
   * A converted graph: the program, and which buffer holds each attribute of the graph, by its
   * value's name.
   */
  public record Converted(Program program, Map<String, String> weights) {}

  /** Converts a whole partition; throws {@link ModelException} naming a node that cannot be. */
  public Converted convert(FxGraph graph) {
    ProgramBuilder builder = new ProgramBuilder();
    graph.inputs().forEach(builder::input);
    graph.attributes().forEach(builder::weight);
    for (FxNode node : graph.nodes()) {
      try {
        builder.convert(node, converter(node));
      } catch (UnsupportedNodeException e) {
        throw new ModelException(
            ModelException.Kind.COMPILE, "cannot compile " + node + ": " + e.getMessage());
      }
    }
    return new Converted(builder.build(graph), builder.weightBuffers(graph));
  }

  private Converter converter(FxNode node) {
    Converter converter = table.get(node.target().toString());
    if (converter == null) {
      throw new UnsupportedNodeException("no converter for " + node.target());
    }
    return converter;
  }

  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    ProgramBuilder builder = new ProgramBuilder();
    try {
      for (FxValue result : node.results()) {
        if (!(result.meta() instanceof TensorMeta)) {
          return Verdict.no("result %" + result.name() + " is not a tensor of known shape");
        }
      }
      Converter converter = converter(node);
      Map<String, FxValue> values = graph.values();
      for (Arg arg : node.args()) {
        arg.forEachValue(
            name -> {
              if (!(values.get(name).meta() instanceof TensorMeta meta)) {
                throw new UnsupportedNodeException(
                    "operand %" + name + " is not a tensor of known shape");
              } else if (meta.dtype().isComplex()) {
                throw new UnsupportedNodeException("operand %" + name + " is complex");
              }
              builder.input(values.get(name));
            });
      }
      builder.convert(node, converter);
      Dim flops = builder.flops();
      return Verdict.yes(flops.max() == Dim.UNBOUNDED ? 0 : flops.max());
    } catch (UnsupportedNodeException e) {
      return Verdict.no(e.getMessage());
    }
  }
}
