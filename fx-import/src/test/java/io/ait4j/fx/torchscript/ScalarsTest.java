package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import java.util.List;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers, containers, calls, weights: what reading computes and resolves. */
class ScalarsTest {
  @Test
  void scalarCodeLeavesNothingBehind() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                b, c, h, w = x.shape
                pad = [(h + 1) // 2, max(w - 3, 0)]
                pad.append(int(0.5 * c) + len(pad))
                sizes = [n * 2 for n in pad]
                scale = float(c) ** -0.5
                name = "b{}".format(b)
                if name == "b2" and sizes[2] > 0:
                    x = x * scale
                t = torch.tensor(h) // 2
                return x.view(b, -1)[:, : int(t)] + sizes[-1]
            """,
            range(2, 3, 4, 5));
    assertThat(Scripts.targets(graph))
        .allMatch(t -> t.matches("aten::(mul.Tensor|view|slice.Tensor|add.Tensor)"));
  }

  @Test
  void containersOfTensors() {
    check(
        """
        def forward(self, x):
            d = {"a": x + 1, "b": x * 2}
            parts = torch.split(x, 1)
            t = (d["a"], parts)
            acc = [p.relu() for p in t[1]]
            acc[0] = acc[0] + d["b"][0]
            acc += [x[0:1]]
            first = acc[0]
            return torch.cat(acc), [first, acc.pop()], (d["a"], d["b"])
        """,
        range(3, 4));
    check(
        """
        def forward(self, x):
            return {"one": x + 1, "two": x * 2}
        """,
        range(3));
  }

  /** Type promotion ranks tensors with dimensions above those without, and numbers last. */
  @ParameterizedTest
  @CsvSource({
    "Float, 7, 2.5", "Float, 4, 3", "Float, 5, 1.5", "Long, 7, 2.5", "Long, 6, 2.5", "Long, 3, 2",
    "Int, 4, 3", "Half, 6, 0.5", "Half, 7, 0.5", "Bool, 3, 2", "Bool, 4, 2", "Bool, 6, 0.5",
    "Byte, 4, 2", "Byte, 11, 1"
  })
  void aConstantOfRankZeroPromotesAsATensor(String type, int constant, String value) {
    torch.ScalarType dtype = torch.ScalarType.valueOf(type);
    for (Tensor x : List.of(range(3), range(1).squeeze())) {
      boolean truth = dtype == torch.ScalarType.Bool || constant == 11;
      for (String op :
          List.of("x * c", "x + c", "c * x", truth ? "c + x" : "c - x", "x == c", "x / c")) {
        check(
            """
            def forward(self, x):
                c = torch.tensor(%s, dtype=%d)
                return %s
            """
                .formatted(value, constant, op),
            x.to(dtype));
      }
    }
  }

  @Test
  void optionalsAndDefaults() {
    JitModule module =
        Scripts.module(
            """
            def forward(self, x, mask: Optional[Tensor] = None, scale: Optional[Tensor] = None):
                if mask is not None:
                    x = x * mask
                if scale is None:
                    x = x + 1
                return x
            """);
    check(module, range(3), range(3));
  }

  @Test
  void submodulesAndFunctionsAreInlined() {
    JitModule inner = new JitModule(new QualifiedName("Inner"));
    inner.register_parameter("weight", range(4, 4), false);
    inner.define("def forward(self, x):\n    return torch.linear(x, self.weight)\n");
    JitModule outer = new JitModule(new QualifiedName("Outer"));
    outer.register_module("proj", inner);
    outer.register_attribute("scale", ListType.ofFloats().containedType(0), new IValue(0.5));
    outer.define(
        """
        def twice(self, x):
            return self.proj.forward(self.proj.forward(x))
        """);
    outer.define("def forward(self, x):\n    return self.twice(x) * self.scale\n");
    FxGraph graph = check(outer, range(2, 4));
    assertThat(Scripts.targets(graph))
        .containsExactly("aten::linear", "aten::linear", "aten::mul.Tensor");
    assertThat(graph.weights().values()).extracting(Weight::name).containsExactly("proj.weight");
  }

  @Test
  void weightsAreLibtorchsOwnMemoryAndSharedOnesStayShared() {
    Tensor shared = range(4, 4);
    JitModule module = new JitModule(new QualifiedName("Tied"));
    module.register_parameter("a", shared, false);
    module.register_parameter("b", shared.t(), false);
    module.define("def forward(self, x):\n    return x @ self.a + x @ self.b\n");
    try (ImportedModel model = Scripts.imported(module, range(2, 4))) {
      Weight a = named(model, "a");
      Weight b = named(model, "b");
      assertThat(a.data().address()).isEqualTo(shared.data_ptr().address());
      assertThat(b.data().address()).isEqualTo(a.data().address());
      assertThat(b.meta().strides()).isNotEqualTo(a.meta().strides());
      model.close();
      assertThatThrownBy(() -> a.data().get(java.lang.foreign.ValueLayout.JAVA_FLOAT, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static Weight named(ImportedModel model, String name) {
    return model.graph().weights().values().stream()
        .filter(w -> w.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void wrongInputsAreUsageErrorsThatNameTheRightOnes() {
    JitModule module = Scripts.module("def forward(self, image, mask):\n    return image * mask\n");
    assertThatThrownBy(() -> Scripts.imported(module, range(3)))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContainingAll("'mask'", "image: Tensor, mask: Tensor");
    assertThatThrownBy(() -> Scripts.imported(module, range(3), range(3), range(3)))
        .hasMessageContaining("takes 2");
    var meta = Tensors.meta(range(3), "");
    assertThatThrownBy(() -> TorchScriptReader.read(module, List.of(new InputSpec("imge", meta))))
        .hasMessageContaining("[imge]");
    try (ImportedModel model =
        TorchScriptReader.read(
            module, List.of(new InputSpec("mask", meta), new InputSpec("image", meta)))) {
      assertThat(model.graph().inputs()).extracting(v -> v.name()).containsExactly("image", "mask");
    }
  }

  @Test
  void anAttributeThatChangesIsRefused() {
    JitModule module = new JitModule(new QualifiedName("Caching"));
    GenericList list = new GenericList(ListType.ofFloats().containedType(0));
    list.push_back(new IValue(1.5));
    IValue seen = new IValue(list);
    module.register_attribute("seen", new Type.TypePtr(ListType.ofFloats()), seen);
    module.define(
        """
        def forward(self, x):
            self.seen.append(2.0)
            return x * self.seen[-1]
        """);
    assertThatThrownBy(() -> check(module, range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("attribute");
  }

  @Test
  void tuplesAndListsOfTensorsTakeTheirInputsInOrder() {
    JitModule module =
        Scripts.module(
            """
            def forward(self, a, pair: Tuple[Tensor, Tensor], rest: List[Tensor]):
                return a + pair[0] * pair[1] - torch.cat(rest).sum()
            """);
    try (ImportedModel model =
        Scripts.imported(module, range(3), range(3), range(3), range(2), range(4))) {
      assertThat(model.graph().inputs())
          .extracting(v -> v.name())
          .containsExactly("a", "pair_0", "pair_1", "rest_0", "rest_1");
    }
    JitModule number = Scripts.module("def forward(self, x, n: int):\n    return x + n\n");
    assertThatThrownBy(() -> Scripts.imported(number, range(3), range(3)))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE))
        .hasMessageContainingAll("'n'", "int");
  }

  @Test
  void parametersThatAreNoTensorsTakeTheirDefaults() {
    check(
        """
        def forward(self, x, y: Optional[Tensor] = None, n: int = 3, mode: str = "sum",
                    state: Optional[Tuple[Tensor, Tensor]] = None, flags: List[int] = [1, 2]):
            if mode == "sum" and state is None:
                x = x.sum() + n + flags[1]
            if y is not None:
                x = x * y
            return x
        """,
        range(3),
        range(3));
  }

  @Test
  void inputsThatNobodyReadsStay() {
    FxGraph graph = check("def forward(self, a, b):\n    return b + 1\n", range(2), range(3));
    assertThat(graph.inputs()).hasSize(2);
  }

  @Test
  void aWrongShapeNamesOperatorAndPlace() {
    assertThatThrownBy(
            () -> check("def forward(self, a, b):\n    return a @ b\n", range(2, 3), range(2, 3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("aten::matmul");
  }

  @Test
  void halfPrecisionWeights() {
    JitModule module = new JitModule(new QualifiedName("Half"));
    module.register_buffer(
        "w", torch.torch_ones(new long[] {4}, new TensorOptions(torch.ScalarType.BFloat16)));
    module.define("def forward(self, x):\n    return x * self.w\n");
    check(module, range(4).to(torch.ScalarType.BFloat16));
  }
}
