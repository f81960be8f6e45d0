package io.ait4j.fx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The schemas of PyTorch's operators, from a table that comes with this jar ({@code
 * operators.schema.gz}, one a line, written from libtorch's registry by {@code SchemaTable} among
 * this module's tests), so that a graph can be read without libtorch; those of torchvision that we
 * have rules for ({@code torchvision.schema}), and those of each {@link OperatorProvider}. All
 * methods throw a {@link ModelException} (USAGE) that names a provider which cannot be used.
 */
public final class OperatorSchemas {
  private static volatile KnownOperators known;

  private OperatorSchemas() {}

  /** Read at the first call; again after a failure, which a static initialiser would hide. */
  private static KnownOperators known() {
    KnownOperators operators = known;
    if (operators == null) {
      synchronized (OperatorSchemas.class) {
        operators = known;
        if (operators == null) {
          operators = KnownOperators.with(Providers.of(OperatorProvider.class));
          known = operators;
        }
      }
    }
    return operators;
  }

  /** The schema of an operator; empty if PyTorch itself has none of this name and overload. */
  public static Optional<OperatorSchema> find(OpTarget target) {
    return known().find(target);
  }

  /** The schemas of all overloads of an operator, {@code aten::add}, in order of their names. */
  public static List<OperatorSchema> overloads(String qualifiedName) {
    return known().overloads().getOrDefault(qualifiedName, List.of()).stream()
        .map(target -> find(target).orElseThrow())
        .toList();
  }

  /** The schemas of those operators that PyTorch itself does not have, as text. */
  public static Map<OpTarget, String> extensions() {
    return Collections.unmodifiableMap(known().extensions());
  }

  /** How an operator of an {@link OperatorProvider} is typed; empty for PyTorch's own. */
  public static Optional<OperatorProvider.Types> provided(OpTarget target) {
    return Optional.ofNullable(known().provided().get(target));
  }

  /** Names of all operators in the tables, unmodifiable. */
  public static Set<OpTarget> targets() {
    return Collections.unmodifiableSet(known().lines().keySet());
  }
}
