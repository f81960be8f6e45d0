package io.ait4j.partition;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Declines nodes that touch a complex tensor or anything that is not a tensor of known shape. */
final class TypeRule implements OperatorSupport {
  private final Map<String, FxValue> values;

  /** For the nodes of {@code graph} alone, whose values are looked up once. */
  TypeRule(FxGraph graph) {
    values = graph.values();
  }

  @Override
  public Verdict test(FxGraph graph, FxNode node) {
    List<FxValue> touched = new ArrayList<>(node.results());
    for (String input : node.inputs()) {
      touched.add(values.get(input));
    }
    for (FxValue value : touched) {
      if (!(value.meta() instanceof TensorMeta tensor)) {
        return Verdict.no("%" + value.name() + " is not a tensor of known shape");
      }
      if (tensor.dtype().isComplex()) {
        return Verdict.no("%" + value.name() + " is " + tensor.dtype().torchName());
      }
    }
    return Verdict.yes(0);
  }
}
