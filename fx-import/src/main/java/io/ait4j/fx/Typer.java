package io.ait4j.fx;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Knows the operators that this project has no shape rule for. */
public interface Typer {
  /** The schema of an operator that is not in {@link OperatorSchemas}; empty if it is unknown. */
  Optional<OperatorSchema> schema(OpTarget target);

  /**
   * The types of an operator's results, an operator that returns a list yielding its elements.
   *
   * @param schema of the operator
   * @param args complete, in schema order
   * @param metaOf the type of each value that {@code args} refer to
   * @return empty if the types cannot be known before the operator runs
   * @throws ModelException (IMPORT) if the operator refuses these arguments
   */
  Optional<List<ValueMeta>> type(
      OperatorSchema schema, List<Arg> args, Function<String, ValueMeta> metaOf);

  /** Knows nothing: for readers whose files hold all types. */
  Typer NONE =
      new Typer() {
        @Override
        public Optional<OperatorSchema> schema(OpTarget target) {
          return Optional.empty();
        }

        @Override
        public Optional<List<ValueMeta>> type(
            OperatorSchema schema, List<Arg> args, Function<String, ValueMeta> metaOf) {
          return Optional.empty();
        }
      };
}
