package io.ait4j.compiler.convert;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.decompose.Decompositions;
import io.ait4j.fx.rules.FallbackOperators;
import io.ait4j.fx.rules.StayReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/fallback.md}: which operators have no converter, and why. {@link
 * FallbackPageTest} says when that was forgotten, and how to do it.
 */
final class FallbackPage {
  static final Path FILE = Path.of("../docs/fallback.md");

  private FallbackPage() {}

  static void write() throws IOException {
    Files.writeString(FILE, text());
  }

  static String text() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # What stays on libtorch, and why

        *Written by `FallbackPage` from the code's own tables. Do not edit; the test `FallbackPageTest` says how to write it anew.*

        Every operator of libtorch's registry that a graph of inference can hold is on this page, on
        [the other](operators.md), or both: it has a converter, comes down to some that have, or stays for one of the reasons below.
        Operators that write in place or into a given tensor are read as those that do not; names that begin with an underscore are
        PyTorch's own affair, and here only if we know the types of their results. An operator without an overload stands for all of
        its overloads that are not compiled.

        What stays is no error: libtorch computes it between two compiled parts, and `inspect` names it with its reason.

        """);
    Map<StayReason, Set<OpTarget>> staying = staying();
    staying.forEach(
        (reason, targets) -> {
          page.append("## Because it ").append(reason.text()).append("\n\n");
          paragraph(page, names(targets));
          page.append('\n');
        });
    page.append(
        """
        ## Forms of compiled operators

        A converter looks at a node's arguments, and may leave it to libtorch. In its own words:

        | what | reason |
        | --- | --- |
        """);
    new RefusedForms()
        .reasons()
        .forEach(
            (what, reason) ->
                page.append("| ").append(what).append(" | ").append(reason).append(" |\n"));
    return page.toString();
  }

  /** What no converter and no decomposition takes, by reason. */
  static Map<StayReason, Set<OpTarget>> staying() {
    Set<OpTarget> converted = new Converters().targets();
    Map<StayReason, Set<OpTarget>> byReason = new EnumMap<>(StayReason.class);
    for (OpTarget target : OperatorSchemas.targets()) {
      boolean known = FallbackOperators.contains(target);
      if (!converted.contains(target)
          && Decompositions.find(target).isEmpty()
          && (known || isOfInference(OperatorSchemas.find(target).orElseThrow()))) {
        byReason.computeIfAbsent(StayReason.of(target), r -> new TreeSet<>(byName())).add(target);
      }
    }
    return byReason;
  }

  private static boolean isOfInference(OperatorSchema schema) {
    OpTarget target = schema.target();
    return target.namespace().equals("aten")
        && !target.name().startsWith("_")
        && !target.name().contains("backward")
        && !schema.mutates()
        && schema.parameters().stream().anyMatch(p -> p.type().base().equals("Tensor"))
        && schema.returns().stream().anyMatch(r -> r.base().equals("Tensor"));
  }

  private static Comparator<OpTarget> byName() {
    return Comparator.comparing(OpTarget::toString);
  }

  /** One name for all overloads that stay for one reason, where there are several. */
  private static Collection<String> names(Set<OpTarget> targets) {
    Map<String, Set<OpTarget>> overloads = new TreeMap<>();
    targets.forEach(
        t -> overloads.computeIfAbsent(t.qualifiedName(), n -> new TreeSet<>(byName())).add(t));
    return overloads.entrySet().stream()
        .map(e -> e.getValue().size() > 1 ? e.getKey() : e.getValue().iterator().next().toString())
        .map(name -> "`" + name.replaceFirst("^aten::", "") + "`")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void paragraph(StringBuilder page, Collection<String> names) {
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      if (line.length() + name.length() > 128) {
        page.append(line.toString().strip()).append('\n');
        line.setLength(0);
      }
      line.append(name).append(' ');
    }
    page.append(line.toString().strip()).append('\n');
  }
}
