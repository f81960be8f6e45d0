package io.ait4j.fx;

/**
 * Says whether something (the compiler, a rule of the partitioner) takes a node. Verdicts compose
 * with {@link #and}.
 */
@FunctionalInterface
public interface OperatorSupport {
  /**
   * @param supported whether the node is taken
   * @param reason why not, for the plan and the report; empty if taken
   * @param flops floating-point operations of the node at its maximum shapes; 0 if unknown or not
   *     taken
   */
  record Verdict(boolean supported, String reason, double flops) {
    public static Verdict yes(double flops) {
      return new Verdict(true, "", flops);
    }

    public static Verdict no(String reason) {
      return new Verdict(false, reason, 0);
    }
  }

  Verdict test(FxGraph graph, FxNode node);

  /** Taken only if both take it; the reason is that of the first that refuses. */
  default OperatorSupport and(OperatorSupport other) {
    return (graph, node) -> {
      Verdict mine = test(graph, node);
      if (!mine.supported()) {
        return mine;
      }
      Verdict theirs = other.test(graph, node);
      return theirs.supported() ? Verdict.yes(Math.max(mine.flops(), theirs.flops())) : theirs;
    };
  }
}
