package io.ait4j.fx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The schemas of PyTorch's operators, from a table that comes with this jar ({@code
 * operators.schema}, one a line, written from libtorch's registry by {@code SchemaTable} among this
 * module's tests), so that a graph can be read without libtorch; those of torchvision that we have
 * rules for ({@code torchvision.schema}), and those of each {@link OperatorProvider}.
 */
public final class OperatorSchemas {
  private static final Map<OpTarget, OperatorProvider.Types> PROVIDED = new HashMap<>();
  private static final Map<OpTarget, String> EXTENSIONS = new LinkedHashMap<>();
  private static final Map<OpTarget, String> LINES = lines();
  private static final Map<String, List<OpTarget>> OVERLOADS =
      LINES.keySet().stream()
          .sorted(Comparator.comparing(OpTarget::overload))
          .collect(Collectors.groupingBy(OpTarget::qualifiedName));
  private static final Map<OpTarget, OperatorSchema> PARSED = new ConcurrentHashMap<>();

  private OperatorSchemas() {}

  /** The schema of an operator; empty if PyTorch itself has none of this name and overload. */
  public static Optional<OperatorSchema> find(OpTarget target) {
    String line = LINES.get(target);
    return line == null
        ? Optional.empty()
        : Optional.of(PARSED.computeIfAbsent(target, t -> OperatorSchema.parse(line)));
  }

  /** The schemas of all overloads of an operator, {@code aten::add}, in order of their names. */
  public static List<OperatorSchema> overloads(String qualifiedName) {
    return OVERLOADS.getOrDefault(qualifiedName, List.of()).stream()
        .map(target -> find(target).orElseThrow())
        .toList();
  }

  /** The schemas of those operators that PyTorch itself does not have, as text. */
  public static Map<OpTarget, String> extensions() {
    return Collections.unmodifiableMap(EXTENSIONS);
  }

  /** How an operator of an {@link OperatorProvider} is typed; empty for PyTorch's own. */
  public static Optional<OperatorProvider.Types> provided(OpTarget target) {
    return Optional.ofNullable(PROVIDED.get(target));
  }

  private static void addProvided(Map<OpTarget, String> lines) {
    for (OperatorProvider provider : ServiceLoader.load(OperatorProvider.class)) {
      for (OperatorProvider.Operator operator : provider.operators()) {
        String line = operator.schema();
        OpTarget target = OpTarget.parse(line.substring(0, line.indexOf('(')));
        if (lines.putIfAbsent(target, line) == null) {
          PROVIDED.put(target, operator.types());
        }
      }
    }
  }

  /** Names of all operators in the table. */
  static Set<OpTarget> targets() {
    return LINES.keySet();
  }

  private static Map<OpTarget, String> lines() {
    Map<OpTarget, String> lines = new HashMap<>();
    read("operators.schema", lines);
    Set<OpTarget> torch = Set.copyOf(lines.keySet());
    read("torchvision.schema", lines);
    addProvided(lines);
    lines.forEach(
        (target, line) -> {
          if (!torch.contains(target)) {
            EXTENSIONS.put(target, line);
          }
        });
    return Collections.unmodifiableMap(lines);
  }

  private static void read(String table, Map<OpTarget, String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                OperatorSchemas.class.getResourceAsStream(table), StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        lines.put(OpTarget.parse(line.substring(0, line.indexOf('('))), line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
