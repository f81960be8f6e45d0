package io.ait4j.fx.export;

import static io.ait4j.fx.export.ExportFile.json;
import static io.ait4j.fx.export.ExportFile.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.archive.Zips;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be: each is refused with one message that says why. */
class BrokenProgramsTest {
  @TempDir Path folder;

  private static ExportFile good() {
    return new ExportFile()
        .parameter("p_w", "w", new float[] {1, 2, 3}, 3)
        .input("x", 3)
        .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other=%p_w"), "y")
        .value("y", 3)
        .node("torch.ops.aten.neg.default", List.of("self=%y"), "z")
        .value("z", 3)
        .output("z");
  }

  private void refused(Consumer<ExportFile> damage, String... words) {
    ExportFile file = good();
    damage.accept(file);
    refused(file.write(folder), words);
  }

  private static void refused(Path file, String... words) {
    assertThatThrownBy(() -> ExportReader.read(file, List.of()))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/schema_version",
        "/graph_module",
        "/graph_module/graph",
        "/graph_module/graph/inputs",
        "/graph_module/graph/outputs",
        "/graph_module/graph/nodes",
        "/graph_module/graph/nodes/0/target",
        "/graph_module/graph/nodes/0/inputs",
        "/graph_module/graph/nodes/0/outputs",
        "/graph_module/graph/nodes/0/inputs/0/arg",
        "/graph_module/graph/tensor_values/x/dtype",
        "/graph_module/graph/tensor_values/x/sizes",
        "/graph_module/graph/tensor_values/x/strides",
        "/graph_module/signature/input_specs/0/parameter/parameter_name",
        "/graph_module/signature/input_specs/0/parameter/arg",
        "/graph_module/signature/input_specs/1/user_input/arg",
      })
  void aMissingFieldIsNamed(String pointer) {
    int slash = pointer.lastIndexOf('/');
    String field = pointer.substring(slash + 1);
    refused(
        file -> ((ObjectNode) file.program.at(pointer.substring(0, slash))).remove(field), field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/graph_module/graph/tensor_values/x/sizes/0 | {`as_int`:-3} | size -3",
        "/graph_module/graph/tensor_values/x/sizes/0 | {`as_int`:99999999999999999999} | 64 bits",
        "/graph_module/graph/tensor_values/x/sizes/0 | {`as_int`:`NaN`} | an integer belongs",
        "/graph_module/graph/tensor_values/x/sizes/0 | {`as_int`:3,`as_expr`:{`expr_str`:`s`}} | 2 values",
        "/graph_module/graph/tensor_values/x/sizes/0 | {} | 0 values",
        "/graph_module/graph/tensor_values/x/sizes/0 | {`as_expr`:{`expr_str`:`Zeta(3)`}} | Zeta",
        "/graph_module/graph/tensor_values/x/sizes | [] | 0 sizes and 1 strides",
        "/graph_module/graph/tensor_values/x/strides/0 | {`as_int`:-1} | negative stride",
        "/graph_module/graph/tensor_values/x/dtype | 29 | float8_e4m3fn",
        "/graph_module/graph/tensor_values/x/dtype | 77 | number 77",
        "/graph_module/graph/tensor_values/x/layout | 1 | sparse_coo",
        "/graph_module/graph/tensor_values/y/sizes/0 | {`as_int`:4} | by the file",
        "/graph_module/graph/tensor_values/y/dtype | 8 | by the file",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_mystery`:1} | as_mystery",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_tensor`:{`name`:`ghost`}} | ghost",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_tensor`:{`name`:`z`}} | uses z before",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_custom_obj`:{`name`:`o`}} | custom objects",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_complex`:{`real`:1,`imag`:2}} | complex",
        "/graph_module/graph/nodes/0/inputs/0/arg | {`as_string`:`a`} | aten::mul.Tensor",
        "/graph_module/graph/nodes/0/inputs/0/name | `nobody` | aten::mul.Tensor",
        "/graph_module/graph/nodes/0/target | `torch.ops.aten.frobnicate.default` | frobnicate",
        "/graph_module/graph/nodes/0/target | `torch.ops.vision.nms.default` | vision::nms",
        "/graph_module/graph/nodes/0/target | `torch.ops.higher_order.scan` | scan",
        "/graph_module/graph/nodes/0/target | `torch.ops.` | torch.ops.",
        "/graph_module/graph/nodes/0/target | `_operator.matmul` | _operator.matmul",
        "/graph_module/graph/nodes/0/target | `gibberish` | gibberish",
        "/graph_module/graph/nodes/1/outputs/0 | {`as_tensor`:{`name`:`y`}} | y twice",
        "/graph_module/graph/nodes/1/outputs/0 | {`as_int`:1} | result",
        "/graph_module/signature/input_specs/0/parameter/parameter_name | `v` | weight v",
        "/graph_module/signature/input_specs/1 | {`token`:{`arg`:{`name`:`t`}}} | token",
        "/graph_module/signature/input_specs/1 | {`custom_obj`:{`arg`:{`name`:`t`},`custom_obj_name`:`obj`}} | obj",
        "/graph_module/signature/input_specs/1 | {`user_input`:{`arg`:{`as_tensor`:{`name`:`q`}}}} | type of its input q",
        "/graph_module/signature/output_specs/0 | {`gradient_to_parameter`:{`arg`:{`name`:`z`},`parameter_name`:`w`}} | gradient_to_parameter",
        "/graph_module/signature/output_specs/0 | {`user_output`:{`arg`:{`as_tensor`:{`name`:`q`}}}} | q",
        "/graph_module/signature/output_specs/0 | {`buffer_mutation`:{`arg`:{`name`:`z`},`buffer_name`:`q`}} | writes to q",
        "/range_constraints | {`x`:{`min_val`:5,`max_val`:2}} | from 5 to 2",
        "/schema_version | {`major`:9,`minor`:0} | version 9.0",
        "/schema_version | {`major`:3,`minor`:1} | version 3.1",
        "/graph_module/graph/nodes | {} | a list belongs",
        "/graph_module/graph/nodes | null | a list belongs",
      })
  void aWrongValueIsNamed(String pointer, String value, String words) {
    int slash = pointer.lastIndexOf('/');
    String field = pointer.substring(slash + 1);
    refused(
        file -> {
          switch (file.program.at(pointer.substring(0, slash))) {
            case ObjectNode object -> object.set(field, json(value));
            case ArrayNode list -> list.set(Integer.parseInt(field), json(value));
            default -> throw new IllegalArgumentException(pointer);
          }
        },
        words);
  }

  @Test
  void newerMinorVersionsWithMoreFieldsAreRead() {
    ExportFile file = good();
    ((ObjectNode) file.program.get("schema_version")).put("minor", 99);
    file.program.putObject("novelty").put("a", 1);
    ((ObjectNode) file.program.at("/graph_module/graph/nodes/0")).putArray("novelty").add(2);
    file.read(folder).close();
  }

  @Test
  void unknownSchemasSayWhatToDo() {
    refused(
        f -> ((ObjectNode) f.program.get("schema_version")).put("major", 12),
        "version 12.17",
        "5 to 8",
        "export the model again");
  }

  @Test
  void textThatIsNoProgramIsRefused() {
    refused(
        f -> f.entries.put("models/model.json", text("{\"graph_module\": ")), "models/model.json");
    refused(f -> f.entries.put("models/model.json", text("[]")), "an object belongs");
    refused(f -> f.entries.put("models/model.json", text("")), "models/model.json");
    refused(
        f -> f.entries.put("models/model.json", text("[".repeat(100_000))), "models/model.json");
    refused(
        f -> f.entries.put("models/model.json", text(f.program + "{}")), "goes on after its end");
  }

  @Test
  void archivesThatHoldNoOrSeveralProgramsAreRefused() {
    refused(zip("archive_format", text("pt2")), "no program");
    refused(zip("readme.txt", text("hello")), "no torch.export archive");
    refused(f -> f.entries.put("models/other.json", text("{}")), "several programs", "other");
    refused(f -> f.entries.put("byteorder", text("big")), "byte order 'big'");
    refused(f -> f.entries.put("archive_version", text("3")), "archive version '3'");
  }

  private Path zip(String name, byte[] content) {
    return ExportFile.zip(folder, "m/", java.util.Map.of(name, content));
  }

  @Test
  void weightsMustHoldWhatTheirTypesSay() {
    refused(f -> f.entries.put("data/weights/weight_0", Zips.floats(1, 2)), "weight w", "has 8");
    refused(f -> f.entries.remove("data/weights/weight_0"), "data/weights/weight_0");
    refused(f -> f.weights.removeAll(), "weight w", "has none of that name");
    refused(f -> ((ObjectNode) f.weights.get("w")).put("use_pickle", true), "weight w", "pickled");
    refused(f -> ((ObjectNode) f.weights.get("w")).remove("tensor_meta"), "weight w", "type");
    refused(
        f ->
            ((ObjectNode) f.weights.at("/w/tensor_meta")).set("storage_offset", ExportFile.size(1)),
        "needs bytes 4 to 16");
    refused(
        f ->
            ((ObjectNode) f.weights.at("/w/tensor_meta"))
                .set("storage_offset", ExportFile.size(Long.MAX_VALUE)),
        "larger than any storage");
    refused(
        f ->
            ((ObjectNode) f.weights.at("/w/tensor_meta"))
                .set("storage_offset", ExportFile.size(-1)),
        "from 0 up");
    refused(
        f ->
            ((ObjectNode) f.weights.at("/w/tensor_meta"))
                .set("sizes", ExportFile.tensor(7, 4L).get("sizes")),
        "needs bytes 0 to 16");
  }

  @Test
  void aWeightOfAnotherTypeThanTheProgramWantsIsRefused() {
    refused(
        f -> ((ObjectNode) f.weights.at("/w/tensor_meta")).put("dtype", 4),
        "weight w",
        "int32[3] in the archive",
        "float32[3]");
  }

  @Test
  void damagedWeightsAreFoundByTheirChecksum() throws Exception {
    Path file = good().write(folder);
    byte[] bytes = java.nio.file.Files.readAllBytes(file);
    byte[] needle = Zips.floats(1, 2, 3);
    int at = 0;
    while (!java.util.Arrays.equals(bytes, at, at + 12, needle, 0, 12)) {
      at++;
    }
    bytes[at + 5] ^= 1;
    java.nio.file.Files.write(file, bytes);
    refused(file, "data/weights/weight_0", "checksum");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    refused(folder.resolve("nothing.pt2"), "no such file");
  }
}
