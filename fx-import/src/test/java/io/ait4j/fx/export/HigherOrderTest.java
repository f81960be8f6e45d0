package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators that run graphs and do nothing else that matters here. */
class HigherOrderTest {
  @TempDir Path folder;

  private static String body() {
    ObjectNode body =
        ExportFile.subgraph(
            Map.of("u", new Object[] {2}, "v", new Object[] {2}, "w", new Object[] {2}),
            List.of("u", "v"),
            "w");
    ExportFile.add(body, "torch.ops.aten.sub.Tensor", List.of("self=%u", "other=%v"), "w");
    return ExportFile.graphArgument(body);
  }

  private ImportedModel read(String operator, String... inputs) {
    return new ExportFile()
        .input("x", 2)
        .input("y", 2)
        .node("torch.ops.higher_order." + operator, List.of(inputs), "z")
        .value("z", 2)
        .output("z")
        .read(folder);
  }

  @Test
  void graphsAreReadInPlaceHoweverTheirOperandsCome() {
    String both = "={`as_tensors`:[{`name`:`x`},{`name`:`y`}]}";
    List<String[]> forms =
        List.of(
            new String[] {
              "wrap_with_set_grad_enabled", "={`as_bool`:true}", "=" + body(), "=%x", "=%y"
            },
            new String[] {"invoke_subgraph", "=" + body(), "={`as_string`:`id`}", "=%x", "=%y"},
            new String[] {
              "hints_wrapper",
              "=" + body(),
              both,
              "={`as_string_to_argument`:{}}",
              "hints={`as_string_to_argument`:{`level`:{`as_int`:2}}}"
            },
            new String[] {"strict_mode", "=" + body(), both},
            new String[] {
              "wrap_with_autocast",
              "={`as_string`:`cpu`}",
              "={`as_none`:true}",
              "={`as_bool`:false}",
              "={`as_none`:true}",
              "=" + body(),
              "=%x",
              "=%y"
            });
    for (String[] form : forms) {
      try (ImportedModel model =
          read(form[0], java.util.Arrays.copyOfRange(form, 1, form.length))) {
        assertThat(model.graph().nodes())
            .as(form[0])
            .singleElement()
            .satisfies(n -> assertThat(n.toString()).contains("aten::sub.Tensor(%x, %y"));
      }
    }
  }

  private void refused(String words, String operator, String... inputs) {
    assertThatThrownBy(() -> read(operator, inputs))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining(words);
  }

  @Test
  void whatChangesTheResultIsRefused() {
    refused(
        "autocast",
        "wrap_with_autocast",
        "={`as_string`:`cpu`}",
        "={`as_scalar_type`:13}",
        "={`as_bool`:true}",
        "={`as_none`:true}",
        "=" + body(),
        "=%x",
        "=%y");
    refused("associative_scan", "associative_scan", "=" + body(), "=%x");
    refused("auto_functionalized", "auto_functionalized", "={`as_operator`:`my.op`}", "=%x");
    refused("2 inputs is given 1", "strict_mode", "=" + body(), "=%x");
    refused("no graph", "strict_mode", "=%x");
    refused("argument 1 is no graph", "cond", "=%x", "=%y");
  }
}
