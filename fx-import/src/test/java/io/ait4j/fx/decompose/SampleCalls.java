package io.ait4j.fx.decompose;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What a decomposition emits, found by calling it in many ways; what it refuses does not count. */
final class SampleCalls {
  private static final int TRIES = 3000;

  /** Accepted calls without news after which there will be none. */
  private static final int ENOUGH = 60;

  private SampleCalls() {}

  /**
   * @param accepted how many calls the decomposition took
   * @param targets of all nodes that it emitted for them
   * @param passes whether some call emitted nothing: its result is an argument or a constant
   */
  record Emitted(int accepted, Set<String> targets, boolean passes) {}

  static Emitted of(OpTarget target) {
    OperatorSchema schema = OperatorSchemas.find(target).orElseThrow();
    Random random = new Random(target.toString().hashCode());
    Set<String> targets = new TreeSet<>();
    int accepted = 0;
    boolean passes = false;
    int stale = 0;
    for (int i = 0; i < TRIES && stale < ENOUGH; i++) {
      SampleCall call = SampleCall.of(schema, random);
      try {
        FxGraph graph = call.emitted(UnaryOperator.identity());
        int known = targets.size();
        boolean passed = passes;
        graph.nodes().stream().map(FxNode::target).forEach(t -> targets.add(t.toString()));
        passes |= graph.nodes().isEmpty();
        accepted++;
        stale = targets.size() > known || passes != passed ? 0 : stale + 1;
      } catch (ModelException e) {
        // Not a call of this operator.
      }
    }
    return new Emitted(accepted, targets, passes);
  }
}
