package io.ait4j.fx.export;

import static io.ait4j.fx.export.ExportFile.symbol;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller says of inputs, and what the program demands of them. */
class InputsAndGuardsTest {
  private static final String S0 = symbol("s0");
  private static final String S1 = symbol("s1");

  @TempDir Path folder;

  /** Two inputs whose first dimensions are one size, from 2 to 64. */
  private static ExportFile file() {
    return new ExportFile()
        .bounds("s0", 2L, 64L)
        .bounds("s1", 1L, null)
        .input("x", S0, 3)
        .input("y", S0, S1)
        .node(
            "torch.ops.aten.cat.default",
            List.of("tensors={`as_tensors`:[{`name`:`x`},{`name`:`y`}]}", "dim={`as_int`:1}"),
            "z")
        .value("z", S0, "Add(Integer(3), " + S1 + ")")
        .output("z");
  }

  private static InputSpec spec(String name, Object... shape) {
    List<Dim> dims =
        java.util.Arrays.stream(shape)
            .map(d -> d instanceof Dim dim ? dim : Dim.of(((Number) d).longValue()))
            .toList();
    return new InputSpec(name, TensorMeta.contiguous(DType.FLOAT32, dims));
  }

  private List<String> shapes(InputSpec... specs) {
    try (ImportedModel model = file().read(folder, specs)) {
      List<Dim> out = model.graph().nodes().getLast().result().tensor().shape();
      return List.of(
          model.graph().inputs().get(0).tensor().shape().toString(),
          model.graph().inputs().get(1).tensor().shape().toString(),
          out.toString());
    }
  }

  @Test
  void theFileAloneSaysWhatTheInputsAre() {
    assertThat(shapes()).containsExactly("[s0, 3]", "[s0, s1]", "[s0, s1 + 3]");
    try (ImportedModel model = file().read(folder)) {
      Dim s0 = model.graph().inputs().getFirst().tensor().shape().getFirst();
      assertThat(List.of(s0.min(), s0.max())).containsExactly(2L, 64L);
      Dim s1 = model.graph().inputs().get(1).tensor().shape().get(1);
      assertThat(List.of(s1.min(), s1.max())).containsExactly(1L, Dim.UNBOUNDED);
    }
  }

  @Test
  void aConstantSpecialisesASizeEverywhere() {
    assertThat(shapes(spec("x", 8, 3))).containsExactly("[8, 3]", "[8, s1]", "[8, s1 + 3]");
    assertThat(shapes(spec(null, 8, 3), spec(null, 8, 5)))
        .containsExactly("[8, 3]", "[8, 5]", "[8, 8]");
  }

  @Test
  void aNameRenamesAndNarrows() {
    Dim batch = Dim.symbol("batch", 1, 16);
    assertThat(shapes(spec("x", batch, 3)))
        .containsExactly("[batch, 3]", "[batch, s1]", "[batch, s1 + 3]");
    try (ImportedModel model = file().read(folder, spec("x", batch, 3))) {
      Dim dim = model.graph().inputs().getFirst().tensor().shape().getFirst();
      assertThat(List.of(dim.min(), dim.max())).containsExactly(2L, 16L);
    }
  }

  @Test
  void aSizeOfSeveralTermsIsSolvedOrFollows() {
    String twice = "Add(Mul(Integer(2), " + S0 + "), Integer(1))";
    ExportFile file =
        new ExportFile()
            .bounds("s0", 2L, 64L)
            .input("x", twice)
            .input("y", S0)
            .node("torch.ops.aten.neg.default", List.of("self=%x"), "z")
            .value("z", twice)
            .output("z");
    for (InputSpec[] specs :
        List.of(
            new InputSpec[] {spec("x", 9)},
            new InputSpec[] {spec("y", 4)},
            new InputSpec[] {spec("x", 9), spec("y", 4)})) {
      try (ImportedModel model = file.read(folder, specs)) {
        assertThat(model.graph().inputs().get(0).tensor().sizes()).containsExactly(9);
        assertThat(model.graph().inputs().get(1).tensor().sizes()).containsExactly(4);
      }
    }
    for (InputSpec[] specs :
        List.of(
            new InputSpec[] {spec("x", 8)},
            new InputSpec[] {spec("x", 9), spec("y", 5)},
            new InputSpec[] {spec("x", 3)},
            new InputSpec[] {spec("x", Dim.symbol("n", 5, 9))})) {
      assertThatThrownBy(() -> file.read(folder, specs))
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
          .hasMessageContaining("x: float32[2*s0 + 1]");
    }
  }

  @Test
  void contradictionsNameTheInputAndTheFilesShape() {
    for (InputSpec[] specs :
        List.of(
            new InputSpec[] {spec("x", 8, 4)},
            new InputSpec[] {spec("x", 8)},
            new InputSpec[] {spec("x", 1, 3)},
            new InputSpec[] {spec("x", 65, 3)},
            new InputSpec[] {spec("x", Dim.symbol("b", 70, 80), 3)},
            new InputSpec[] {spec("x", 8, 3), spec("y", 9, 5)},
            new InputSpec[] {spec("x", 8, Dim.symbol("c", 1, 9))},
            new InputSpec[] {spec("x", Dim.symbol("s1", 2, 9), 3)},
            new InputSpec[] {
              new InputSpec("x", TensorMeta.contiguous(DType.FLOAT16, Dim.ofAll(8, 3)))
            },
            new InputSpec[] {spec("w", 8, 3)},
            new InputSpec[] {spec("x", 8, 3), spec("x", 8, 3)},
            new InputSpec[] {spec(null, 8, 3), spec(null, 8, 3), spec(null, 8, 3)})) {
      assertThatThrownBy(() -> file().read(folder, specs))
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
          .hasMessageContainingAll("x: float32[s0,3]", "y: float32[s0,s1]");
    }
  }

  private List<String> guards(String code, InputSpec... specs) {
    ExportFile file = file();
    ((ArrayNode) file.program.get("guards_code")).add(code);
    try (ImportedModel model = file.read(folder, specs)) {
      return model.graph().signature().guards().stream().map(Object::toString).toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "L['x'].size()[0] % 2 == 0 | [(s0 % 2) == 0]",
        "Mod(L['x'].size()[0], 2) != 1 | [(s0 % 2) != 1]",
        "L['y'].size()[1] <= L['x'].size()[0] | [s1 <= s0]",
        "4 <= L['x'].size()[0] <= 32 | [4 <= s0, s0 <= 32]",
        "2 <= L['x'].size()[0] and L['x'].size()[0] <= 64 | []",
        "not L['x'].size()[0] == 7 | [s0 != 7]",
        "L['x'].shape[0] + 2*(L['y'].shape[1] - 1) < 100 | [s0 + 2*s1 - 2 < 100]",
        "L['x'].size()[0] // 2 >= 3 | [3 <= (s0 // 2)]",
        "L['x'].size()[0]**2 < 100 | [s0*s0 < 100]",
        "max(L['x'].size()[0], 5) > 6 or 1 == 1 | []",
        "L['flat_args'][1].size()[1] > 1 | [1 < s1]",
        "L['x'].size()[1] == 3 | []",
        "L['x'].stride()[0] == 3 | []",
        "L['x'].dim() == 2 | []",
        "L['mode'] == 3 | []",
        "L['cfg'].flag | []",
      })
  void pythonGuardsBecomeConditionsOnSymbols(String code, String expected) {
    assertThat(guards(code)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "L['x'].size()[0] ==",
        "L['x'].size()[7] == 3",
        "frobnicate(L['x'].size()[0]) == 2",
        "L['x'].size()[0] == 2 or L['y'].size()[1] == 9",
        "L['x'].size()[0] ? 3",
        "((((((L['x'].size()[0]",
      })
  void aGuardThatIsNotUnderstoodIsRefusedWithItsText(String code) {
    assertThatThrownBy(() -> guards(code))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining(code);
  }

  @Test
  void sizesGivenMustBeAbleToFulfilTheGuards() {
    String even = "L['x'].size()[0] % 2 == 0";
    assertThat(guards(even, spec("x", 8, 3))).isEmpty();
    assertThatThrownBy(() -> guards(even, spec("x", 7, 3)))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContaining(even);
  }
}
