package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of which a little was changed: each is read, or refused with one clear exception. */
@Timeout(120)
class DamagedProgramsTest {
  private static final int FILES = 1500;
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|-?\\d+(?:\\.\\d+)?|true|false|null");

  @TempDir Path folder;

  private static ExportFile whole() {
    String s0 = ExportFile.symbol("s0");
    ExportFile file =
        new ExportFile()
            .bounds("s0", 2L, 64L)
            .parameter("p_w", "w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
            .buffer("b_n", "n", new float[] {0}, 1)
            .input("x", s0, 3)
            .node(
                "torch.ops.aten.sym_size.int",
                List.of("self=%x", "dim={`as_int`:0}"),
                "{`as_sym_int`:{`as_name`:`size`}}")
            .size("size", s0)
            .node("torch.ops.aten.mm.default", List.of("self=%x", "mat2=%p_w"), "a")
            .value("a", s0, 2)
            .node("torch.ops.aten.relu_.default", List.of("self=%a"), "b")
            .value("b", s0, 2)
            .node(
                "torch.ops.aten.view.default",
                List.of("self=%b", "size={`as_sym_ints`:[{`as_int`:2},{`as_name`:`size`}]}"),
                "c")
            .value("c", 2, s0)
            .node("torch.ops.aten.add_.Tensor", List.of("self=%b_n", "other={`as_float`:1.5}"), "d")
            .value("d", 1)
            .node(
                "torch.ops.aten.split.Tensor",
                List.of("self=%c", "split_size={`as_int`:1}"),
                "{`as_tensors`:[{`name`:`e`},{`name`:`f`}]}")
            .value("e", 1, s0)
            .value("f", 1, s0)
            .node(
                "torch.ops.aten.cat.default",
                List.of("tensors={`as_tensors`:[{`name`:`e`},{`name`:`f`}]}", "dim={`as_int`:-1}"),
                "g")
            .value("g", 1, "Mul(Integer(2), " + s0 + ")")
            .output("g");
    ((com.fasterxml.jackson.databind.node.ArrayNode) file.program.get("guards_code"))
        .add("L['x'].size()[0] % 2 == 0");
    return file;
  }

  private static final List<String> ODD =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "7",
          "9223372036854775807",
          "-9223372036854775808",
          "1e400",
          "NaN",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"x\"",
          "\"g\"",
          "\"s0\"",
          "\"a\"",
          "\"torch.ops.aten.view.default\"",
          "\"torch.ops.aten.as_strided.default\"",
          "\"as_int\"",
          "\"as_ints\"",
          "\"as_tensors\"",
          "\"as_graph\"",
          "\"Symbol('s1', integer=True)\"");

  /** Some tokens replaced by others, or by what is rarely right. */
  private static String damaged(String text, List<int[]> tokens, Random random) {
    StringBuilder out = new StringBuilder(text);
    for (int i = random.nextInt(2); i >= 0; i--) {
      int[] at = tokens.get(random.nextInt(tokens.size()));
      int[] other = tokens.get(random.nextInt(tokens.size()));
      String with =
          random.nextBoolean()
              ? ODD.get(random.nextInt(ODD.size()))
              : text.substring(other[0], other[1]);
      if (at[1] <= out.length()) {
        out.replace(at[0], at[1], with);
      }
    }
    return out.toString();
  }

  @Test
  void eachIsReadOrRefused() {
    ExportFile file = whole();
    file.read(folder).close();
    String text = file.program.toString();
    List<int[]> tokens = new java.util.ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(new int[] {matcher.start(), matcher.end()});
    }
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      String damaged = damaged(text, tokens, random);
      file.entries.put("models/model.json", damaged.getBytes(StandardCharsets.UTF_8));
      Path written = file.write(folder);
      try (ImportedModel model = ExportReader.read(written, List.of())) {
        assertThat(model.graph().outputs()).isNotNull();
      } catch (ModelException e) {
        refused++;
        assertThat(e.getMessage()).as(damaged).isNotBlank().hasSizeLessThan(2000);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(damaged, e);
      } finally {
        written.toFile().delete();
      }
    }
    assertThat(refused).isGreaterThan(FILES / 4);
  }
}
