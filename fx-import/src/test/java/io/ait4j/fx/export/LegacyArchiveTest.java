package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.PickleValue;
import io.ait4j.fx.archive.Pickles;
import io.ait4j.fx.archive.Zips;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layout that PyTorch 2.5 to 2.7 wrote. */
class LegacyArchiveTest {
  @TempDir Path folder;

  private static ExportFile program() {
    ExportFile file =
        new ExportFile()
            .parameter("p_w", "w", new float[] {0, 0, 0}, 3)
            .stored(
                "tensor_constant",
                "c_0",
                "c",
                new ExportFile().constants,
                "",
                ExportFile.tensor(7, 1))
            .input("x", 3)
            .node("torch.ops.aten.mul.Tensor", List.of("self=%x", "other=%p_w"), "y")
            .value("y", 3)
            .node("torch.ops.aten.add.Tensor", List.of("self=%y", "other=%c_0"), "z")
            .value("z", 3)
            .output("z");
    return file;
  }

  private Path file(PickleValue weights) throws IOException {
    ExportFile file = program();
    ((ObjectNode) file.program.get("schema_version")).put("major", 7).put("minor", 3);
    // Its nodes do not say whether an argument was given by position.
    file.graph
        .get("nodes")
        .forEach(n -> n.get("inputs").forEach(i -> ((ObjectNode) i).remove("kind")));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("serialized_exported_program.json", ExportFile.text(file.program.toString()));
    entries.put("serialized_state_dict.pt", saved(weights, 1, 2, 3));
    entries.put("serialized_constants.pt", saved(Pickles.dict("c", Pickles.floats("0", 1)), 9));
    entries.put("serialized_example_inputs.pt", new byte[0]);
    entries.put("version", ExportFile.text("7.3"));
    return ExportFile.zip(folder, "", entries);
  }

  private byte[] saved(PickleValue value, float... storage) throws IOException {
    return Files.readAllBytes(
        Zips.write(
            Files.createTempFile(folder, "t", ".pt"),
            "archive/data.pkl",
            Pickles.write(value),
            "archive/data/0",
            Zips.floats(storage)));
  }

  @Test
  void weightsComeFromTheNestedArchives() throws IOException {
    PickleValue weights = Pickles.dict("w", Pickles.floats("0", 3));
    try (ImportedModel model = ExportReader.read(file(weights), List.of())) {
      Map<String, Weight> byName =
          model.graph().weights().values().stream().collect(Collectors.toMap(Weight::name, w -> w));
      assertThat(byName.get("w").data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3);
      assertThat(byName.get("c").data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(9);
      assertThat(byName.get("w").meta().shape()).containsExactly(Dim.of(3));
    }
  }

  /** PyTorch 2.8 kept the weights as they were in its new archive. */
  @Test
  void weightsMayBePickledInTheNewLayoutToo() throws IOException {
    ExportFile file = program();
    file.entries.keySet().removeIf(name -> name.startsWith("data/"));
    file.entries.put(
        "data/weights/model.pt", saved(Pickles.dict("w", Pickles.floats("0", 3)), 1, 2, 3));
    file.entries.put(
        "data/constants/model.pt", saved(Pickles.dict("c", Pickles.floats("0", 1)), 9));
    file.weights.removeAll();
    file.constants.removeAll();
    try (ImportedModel model = file.read(folder)) {
      assertThat(model.graph().weights().values())
          .extracting(w -> w.data().get(ValueLayout.JAVA_FLOAT, 0))
          .containsExactly(1f, 9f);
    }
  }

  @Test
  void aWeightThatIsMissingOrNoTensorIsNamed() throws IOException {
    Path missing = file(Pickles.dict());
    Path number = file(Pickles.dict("w", new PickleValue.Int(3)));
    Path list = file(Pickles.tuple());
    for (Path file : List.of(missing, number)) {
      assertThatThrownBy(() -> ExportReader.read(file, List.of()))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("the weight w");
    }
    assertThatThrownBy(() -> ExportReader.read(list, List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no dictionary");
  }
}
