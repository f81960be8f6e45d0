package io.ait4j.fx.torchscript;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.OperatorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Prints libtorch's operators: run it through {@code gzip -9n} into {@code operators.schema.gz}
 * when the version of PyTorch changes. {@link SchemaTableTest} says when that was forgotten.
 */
final class SchemaTable {
  private static final Set<String> NAMESPACES = Set.of("aten", "prim", "quantized");

  private SchemaTable() {}

  public static void main(String[] args) {
    lines().forEach(System.out::println);
  }

  static List<String> lines() {
    TreeSet<String> lines = new TreeSet<>();
    OperatorVector operators = torch.getAllOperators();
    for (long i = 0; i < operators.size(); i++) {
      try (PointerScope scope = new PointerScope()) {
        String line = Libtorch.text(operators.get(i).schema());
        if (NAMESPACES.contains(line.substring(0, line.indexOf("::")))
            && !line.endsWith("(...) -> ()")) {
          lines.add(line);
        }
      }
    }
    return List.copyOf(lines);
  }
}
