package io.ait4j.fx.decompose;

import io.ait4j.fx.OpTarget;
import io.ait4j.fx.rules.CoreOperators;
import io.ait4j.fx.rules.FallbackOperators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/operators.md} from the tables of rules and decompositions. {@link
 * OperatorsPageTest} says when that was forgotten, and how to do it.
 */
final class OperatorsPage {
  static final Path FILE = Path.of("../docs/operators.md");

  private OperatorsPage() {}

  static void write() throws IOException {
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, text());
  }

  static String text() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Operators

        *Written by `OperatorsPage` from the code's own tables. Do not edit; the test `OperatorsPageTest` says how to write it anew.*

        Whatever a model comes from (TorchScript, `torch.export`, ONNX), its graph is brought to a small set of ATen operators. Names are
        PyTorch's; the namespace `aten::` goes without saying, a dot separates the overload.

        ## What the graph is made of

        Each of these has a rule for the dtype, shape and strides of its result, over constant and symbolic sizes, and a converter in the
        compiler; `inspect` says of each node of a model whether it was compiled.

        """);
    paragraph(page, CoreOperators.all());
    page.append(
        """

        ## What becomes of others

        Each of these is said in terms of those above. The right column holds every operator that its calls with arguments of many kinds
        came down to, not what one call needs; *nothing* says that a call may come down to an argument or a constant, and *itself* that
        some forms stay as they are and run on libtorch.

        | operator | comes down to |
        | --- | --- |
        """);
    rows()
        .forEach(
            (result, operators) ->
                page.append("| ")
                    .append(code(operators))
                    .append(" | ")
                    .append(result)
                    .append(" |\n"));
    page.append(
        """

        ## What stays, its results typed

        These run on libtorch, or their remaining results do; what follows them is typed and compiled as ever.

        """);
    Set<OpTarget> staying = new TreeSet<>(byName());
    staying.addAll(FallbackOperators.all());
    staying.removeAll(FallbackOperators.random());
    paragraph(page, staying);
    page.append(
        """

        Any other operator that libtorch has stays too; [another page](fallback.md) lists them all by reason. Its results have the types that the model's file or, for TorchScript, libtorch itself
        gives them; where neither does, or where a shape depends on data (`nonzero`, `masked_select`, `unique`), the values that depend on
        it run on libtorch as well. `torchvision::nms` is of that kind too, as its result is as long as the boxes say; libtorch itself does
        not have it, so a model that holds it is refused by its name.

        ## What draws random numbers

        """);
    paragraph(page, FallbackOperators.random());
    page.append(
        """

        These are never computed ahead of time, merged or compiled: each run draws from libtorch's generator, so that its seed governs them
        and two runs differ. Dropout in evaluation mode is nothing; in training mode it stays and draws.
        """);
    return page.toString();
  }

  /** Operators by what they come down to, in the order of their first names. */
  private static Map<String, Set<OpTarget>> rows() {
    Map<String, Set<OpTarget>> byResult = new TreeMap<>();
    for (OpTarget target : Decompositions.all()) {
      if (!CoreOperators.contains(target)) {
        byResult.computeIfAbsent(result(target), r -> new TreeSet<>(byName())).add(target);
      }
    }
    Map<String, Set<OpTarget>> rows =
        new TreeMap<>(Comparator.comparing(r -> byResult.get(r).iterator().next().toString()));
    rows.putAll(byResult);
    return rows;
  }

  private static String result(OpTarget target) {
    SampleCalls.Emitted emitted = SampleCalls.of(target);
    if (emitted.accepted() == 0) {
      throw new IllegalStateException("no sample call fits " + target);
    }
    String text =
        emitted.targets().stream()
            .filter(t -> !t.equals(target.toString()))
            .map(t -> "`" + t.substring("aten::".length()) + "`")
            .collect(Collectors.joining(", "));
    List<String> rest = new java.util.ArrayList<>();
    if (!text.isEmpty()) {
      rest.add(text);
    }
    if (emitted.passes()) {
      rest.add("*nothing*");
    }
    if (emitted.targets().contains(target.toString())) {
      rest.add("*itself*");
    }
    return String.join("; ", rest);
  }

  private static Comparator<OpTarget> byName() {
    return Comparator.comparing(OpTarget::toString);
  }

  private static String code(Collection<OpTarget> operators) {
    return operators.stream()
        .sorted(byName())
        .map(t -> "`" + t.toString().replaceFirst("^aten::", "") + "`")
        .collect(Collectors.joining(", "));
  }

  /** Names separated by spaces, in lines of moderate length. */
  private static void paragraph(StringBuilder page, Collection<OpTarget> operators) {
    StringBuilder line = new StringBuilder();
    for (String name : code(operators).split(", ")) {
      if (line.length() + name.length() > 128) {
        page.append(line.toString().strip()).append('\n');
        line.setLength(0);
      }
      line.append(name).append(' ');
    }
    page.append(line.toString().strip()).append('\n');
  }
}
