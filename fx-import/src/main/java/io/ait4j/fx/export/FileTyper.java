package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.Typer;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Types operators that have no rule by what the file says of the results of the node at hand. */
final class FileTyper implements Typer {
  private String operator = "";
  private List<ValueMeta> types = List.of();

  /**
   * Turns to a node.
   *
   * @param results its types; empty if not all are known
   */
  void turnTo(OpTarget target, List<ValueMeta> results) {
    operator = functional(target);
    types = results;
  }

  @Override
  public Optional<OperatorSchema> schema(OpTarget target) {
    return Optional.empty();
  }

  /** The node's own operator only, in its functional form: others are parts of a decomposition. */
  @Override
  public Optional<List<ValueMeta>> type(
      OperatorSchema schema, List<Arg> args, Function<String, ValueMeta> metaOf) {
    return types.isEmpty() || !functional(schema.target()).equals(operator)
        ? Optional.empty()
        : Optional.of(types);
  }

  private static String functional(OpTarget target) {
    String name = target.qualifiedName();
    return name.endsWith("_") && !name.endsWith("__") ? name.substring(0, name.length() - 1) : name;
  }
}
