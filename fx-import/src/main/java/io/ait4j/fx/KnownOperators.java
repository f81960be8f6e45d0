package io.ait4j.fx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The tables behind {@link OperatorSchemas}.
 *
 * @param lines each operator's schema as text
 * @param overloads of each name, in order
 * @param extensions those lines that are not PyTorch's own
 * @param provided how the operators of providers are typed
 * @param parsed the schemas that somebody asked for
 */
record KnownOperators(
    Map<OpTarget, String> lines,
    Map<String, List<OpTarget>> overloads,
    Map<OpTarget, String> extensions,
    Map<OpTarget, OperatorProvider.Types> provided,
    Map<OpTarget, OperatorSchema> parsed) {
  /**
   * Our own operators and those of providers.
   *
   * @throws ModelException (USAGE) naming the provider whose operators cannot be understood
   */
  static KnownOperators with(List<OperatorProvider> providers) {
    Map<OpTarget, String> lines = new HashMap<>();
    Map<OpTarget, OperatorProvider.Types> provided = new HashMap<>();
    read(unpacked(resource("operators.schema.gz")), lines);
    Set<OpTarget> torch = Set.copyOf(lines.keySet());
    read(resource("torchvision.schema"), lines);
    for (OperatorProvider provider : providers) {
      try {
        provider.operators().forEach(operator -> add(operator, lines, provided));
      } catch (RuntimeException | LinkageError e) { // it is not ours
        throw Providers.broken(provider.getClass(), e);
      }
    }
    Map<OpTarget, String> extensions = new LinkedHashMap<>();
    lines.forEach(
        (target, line) -> {
          if (!torch.contains(target)) {
            extensions.put(target, line);
          }
        });
    Map<String, List<OpTarget>> overloads =
        lines.keySet().stream()
            .sorted(Comparator.comparing(OpTarget::overload))
            .collect(Collectors.groupingBy(OpTarget::qualifiedName));
    return new KnownOperators(lines, overloads, extensions, provided, new ConcurrentHashMap<>());
  }

  private static void add(
      OperatorProvider.Operator operator,
      Map<OpTarget, String> lines,
      Map<OpTarget, OperatorProvider.Types> provided) {
    OpTarget target;
    try {
      target = OperatorSchema.parse(operator.schema()).target();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "its schema '%s' is none: %s".formatted(operator.schema(), e.getMessage()), e);
    }
    if (operator.types() == null) {
      throw new IllegalArgumentException(target + " has no types");
    }
    if (lines.putIfAbsent(target, operator.schema()) == null) {
      provided.put(target, operator.types());
    }
  }

  private static InputStream resource(String table) {
    return KnownOperators.class.getResourceAsStream(table);
  }

  private static InputStream unpacked(InputStream packed) {
    try {
      return new GZIPInputStream(packed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(InputStream table, Map<OpTarget, String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        lines.put(OpTarget.parse(line.substring(0, line.indexOf('('))), line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<OperatorSchema> find(OpTarget target) {
    String line = lines.get(target);
    return line == null
        ? Optional.empty()
        : Optional.of(parsed.computeIfAbsent(target, t -> OperatorSchema.parse(line)));
  }
}
