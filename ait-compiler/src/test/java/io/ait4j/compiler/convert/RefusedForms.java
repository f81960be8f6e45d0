package io.ait4j.compiler.convert;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport.Verdict;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes whose operators have a converter that refuses them, and what it says. */
final class RefusedForms {
  private static final Dim N = Dim.symbol("n", 1, 64);
  private static final Dim M = Dim.symbol("m", 1, 64);

  private final Map<String, String> reasons = new LinkedHashMap<>();

  RefusedForms() {
    refused(
        "complex numbers",
        "aten::neg",
        TensorMeta.contiguous(DType.COMPLEX64, 3),
        List.of(TensorMeta.contiguous(DType.COMPLEX64, 3)));
    refused(
        "sizes of which nobody knows whether they are equal or broadcast",
        "aten::maximum",
        floats(N),
        List.of(floats(N), floats(M)));
    refused(
        "a reshape between sizes that are not known to fit",
        "aten::view",
        floats(M, Dim.of(4)),
        List.of(floats(N)));
    refused(
        "a convolution whose number of channels differs from run to run",
        "aten::convolution",
        floats(Dim.of(1), Dim.of(8), Dim.of(5), Dim.of(5)),
        List.of(
            floats(Dim.of(1), N, Dim.of(5), Dim.of(5)), floats(Dim.of(8), N, Dim.of(1), Dim.of(1))),
        Arg.NONE,
        Arg.ints(1, 1),
        Arg.ints(0, 0),
        Arg.ints(1, 1),
        new Arg.Bool(false),
        Arg.ints(0, 0),
        new Arg.Int(1));
    refused(
        "attention whose head size, and with it the scale, differs from run to run",
        "aten::scaled_dot_product_attention",
        floats(Dim.of(1), Dim.of(2), Dim.of(7), N),
        List.of(
            floats(Dim.of(1), Dim.of(2), Dim.of(7), N),
            floats(Dim.of(1), Dim.of(2), Dim.of(7), N),
            floats(Dim.of(1), Dim.of(2), Dim.of(7), N)));
  }

  /** What is refused, and the converter's reason. */
  Map<String, String> reasons() {
    return reasons;
  }

  private static TensorMeta floats(Dim... shape) {
    return TensorMeta.contiguous(DType.FLOAT32, List.of(shape));
  }

  private void refused(
      String what, String operator, TensorMeta result, List<TensorMeta> inputs, Arg... rest) {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    List<Arg> args = new ArrayList<>();
    inputs.forEach(meta -> args.add(builder.input("x", meta)));
    args.addAll(List.of(rest));
    List<Arg> results =
        builder.append(OpTarget.parse(operator), args, List.of(result), List.of(), "");
    FxGraph graph = builder.build(results);
    Verdict verdict = new Converters().test(graph, graph.nodes().getLast());
    if (verdict.supported()) {
      throw new IllegalStateException(what + " is compiled");
    }
    reasons.put(what, verdict.reason());
  }
}
