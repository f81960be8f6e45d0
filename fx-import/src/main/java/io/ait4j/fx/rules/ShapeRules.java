package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Types of the results of core operators, strides included, as PyTorch's CPU kernels yield them.
 */
public final class ShapeRules {
  private static final RuleTable TABLE = RuleTable.core();

  private ShapeRules() {}

  /**
   * The types of the results, or empty if {@code target} is not a core operator.
   *
   * <p>A result whose type depends on a value of unknown type ({@link ValueMeta.Opaque}), or whose
   * shape depends on a number that is known only at run time, is {@code Opaque("Tensor")}.
   *
   * @param args in schema order and complete
   * @param metaOf type of a value by its name
   * @throws ModelException (IMPORT) naming the operator and the problem if the arguments do not fit
   */
  public static Optional<List<ValueMeta>> infer(
      OpTarget target, List<Arg> args, Function<String, ValueMeta> metaOf) {
    return TABLE.find(target).map(rule -> infer(rule, new OpCall(target, args, metaOf)));
  }

  private static List<ValueMeta> infer(Rule rule, OpCall call) {
    try {
      return List.of(rule.apply(call));
    } catch (OpCall.Unknown e) {
      return List.of(new ValueMeta.Opaque("Tensor"));
    }
  }
}
