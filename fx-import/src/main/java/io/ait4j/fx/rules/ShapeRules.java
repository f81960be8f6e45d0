package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Types of the results of operators, strides included, as PyTorch's CPU kernels yield them. */
public final class ShapeRules {
  private static final RuleTable CORE = RuleTable.core();
  private static final RuleTable FALLBACK = RuleTable.fallback();

  private ShapeRules() {}

  /**
   * The types of the results, or empty if no rule knows {@code target}: it is neither one of {@link
   * CoreOperators} nor one of {@link FallbackOperators}, nor does a provider bring it.
   *
   * <p>Where a type depends on a value of unknown type ({@link ValueMeta.Opaque}), or a shape on a
   * number that is known only at run time, each result is {@code Opaque("Tensor")}.
   *
   * @param args in schema order and complete
   * @param metaOf type of a value by its name
   * @throws ModelException (IMPORT) naming the operator and the problem if the arguments do not
   *     fit; an {@link io.ait4j.fx.UnprovenEquality} if they may
   */
  public static Optional<List<ValueMeta>> infer(
      OpTarget target, List<Arg> args, Function<String, ValueMeta> metaOf) {
    return CORE.find(target)
        .or(() -> FALLBACK.find(target))
        .or(() -> provided(target))
        .map(rule -> infer(rule, new OpCall(target, args, metaOf)));
  }

  private static Optional<RuleOfMany> provided(OpTarget target) {
    return OperatorSchemas.provided(target)
        .map(types -> call -> types.of(call.args(), call.metaOf()));
  }

  private static List<ValueMeta> infer(RuleOfMany rule, OpCall call) {
    try {
      return List.copyOf(rule.apply(call));
    } catch (OpCall.Unknown e) {
      return OperatorSchemas.find(call.target()).orElseThrow().returns().stream()
          .map(type -> (ValueMeta) new ValueMeta.Opaque(type.base()))
          .toList();
    }
  }
}
