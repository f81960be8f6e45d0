package io.ait4j.fx.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.JitModule;
import org.junit.jupiter.api.Test;

/** Sizes that inputs leave open, as symbols in the graph; held against libtorch at some of them. */
class DynamicShapesTest {
  private static final Dim BATCH = Dim.symbol("batch", 1, 16);
  private static final Dim LENGTH = Dim.symbol("length", 1, 40);

  private static InputSpec input(Dim... shape) {
    return new InputSpec(null, TensorMeta.contiguous(DType.FLOAT32, List.of(shape)));
  }

  private static Dim of(long size) {
    return Dim.of(size);
  }

  /** The graph, after a comparison at the ranges' ends and at primes. */
  private static FxGraph check(String forward, InputSpec... inputs) {
    return Scripts.checkDynamic(Scripts.module(forward), Arrays.asList(inputs));
  }

  private static void refused(String forward, List<InputSpec> inputs, String... told) {
    JitModule module = Scripts.module(forward);
    assertThatThrownBy(() -> TorchScriptReader.read(module, inputs))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(told);
  }

  @Test
  void arithmeticOnSizesStaysArithmetic() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                b, n, d = x.shape
                h = x.view(b, n, 4, d // 4).transpose(1, 2)
                s = torch.matmul(h, h.transpose(-1, -2)) / float(d) ** 0.5
                y = torch.softmax(s, dim=-1).matmul(h)
                y = y.transpose(1, 2).reshape(b, n, d)
                half = max(n // 2, 1)
                return torch.cat([y[:, :half], y[:, -1:]], 1), y.flatten(0, 1), y.mean(1)
            """,
            input(BATCH, LENGTH, of(12)));
    assertThat(graph.signature().guards()).isEmpty();
    assertThat(graph.nodes())
        .allSatisfy(n -> assertThat(n.result().meta()).isInstanceOf(TensorMeta.class));
  }

  @Test
  void conditionsThatTheBoundsDecideAreDecided() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                if x.size(0) >= 1 and x.size(0) < 17 and x.numel() % 3 == 0:
                    x = x.relu()
                if x.size(0) * 2 > 40:
                    x = x + 1
                return x
            """,
            input(BATCH, of(3)));
    assertThat(Scripts.targets(graph)).containsExactly("aten::relu");
  }

  @Test
  void aConditionThatTheBoundsLeaveOpenIsKept() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                if x.size(0) > 4:
                    y = x * 2
                else:
                    y = x + 1
                if x.size(0) % 2 == 0 and x.size(0) < 9:
                    y = y.relu()
                return y
            """,
            input(BATCH, of(3)));
    assertThat(Scripts.targets(graph)).contains("prim::If");
  }

  @Test
  void anAssertionOnSizesIsAGuard() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                assert x.size(0) < 14 and x.size(0) != 3, "too long"
                return x + 1
            """,
            input(BATCH, of(3)));
    assertThat(graph.signature().guards())
        .extracting(g -> g.left() + " " + g.relation() + " " + g.right())
        .containsExactlyInAnyOrder("batch LT 14", "batch NE 3");
  }

  @Test
  void sizesThatHaveToAgreeAreOne() {
    FxGraph graph =
        check(
            "def forward(self, x, y):\n    return x.relu() + y\n",
            input(BATCH, LENGTH),
            input(Dim.symbol("rows", 2, 12), Dim.symbol("columns", 1, 50)));
    assertThat(graph.inputs().getLast().tensor().shape())
        .containsExactly(Dim.symbol("batch", 2, 12), LENGTH);
    assertThat(graph.inputs().getFirst().tensor().shape().getFirst().min()).isEqualTo(2);
  }

  @Test
  void sizesThatHaveToBeMultiplesAreSaidSo() {
    Dim height = Dim.symbol("height", 3, 64);
    String halves =
        """
        def forward(self, x):
            y = torch.max_pool2d(torch.max_pool2d(x, [2, 2]), [2, 2])
            y = torch.upsample_nearest2d(y, [y.size(2) * 2, y.size(3) * 2])
            y = torch.upsample_nearest2d(y, [y.size(2) * 2, y.size(3) * 2])
            return torch.cat([x, y], 1)
        """;
    FxGraph graph = check(halves, input(BATCH, of(3), height, of(8)));
    assertThat(graph.inputs().getFirst().tensor().shape().get(2)).hasToString("4*height_over_4");
    FxGraph pairs =
        check("def forward(self, x):\n    return x.view(-1, 2)\n", input(LENGTH, of(3)));
    assertThat(pairs.inputs().getFirst().tensor().shape().getFirst())
        .hasToString("2*length_over_2");
  }

  @Test
  void aSizeIsNeverFixedInSilence() {
    refused(
        "def forward(self, x):\n    return x.view(1, 12)\n",
        List.of(input(BATCH, of(12))),
        "aten::view",
        "batch == 1",
        "batch from 1 to 16",
        "never silently specialised");
    refused(
        "def forward(self, x):\n    return x + torch.arange(7)\n",
        List.of(input(BATCH, LENGTH)),
        "aten::add",
        "length == 7");
  }

  @Test
  void droppingADimensionThatMayBeOneIsGuarded() {
    FxGraph graph =
        check("def forward(self, x):\n    return x.squeeze() * 2\n", input(BATCH, of(1), of(3)));
    assertThat(graph.signature().guards()).singleElement().hasToString("batch != 1");
  }

  @Test
  void aLoopOverASizeIsKept() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                y = x[0]
                for i in range(x.size(0)):
                    y = y.tanh() + x[i]
                return y
            """,
            input(BATCH, of(3)));
    assertThat(Scripts.targets(graph)).contains("prim::Loop");
  }

  @Test
  void operatorsWithoutARuleAreTypedBySamples() {
    FxGraph graph =
        check(
            "def forward(self, x):\n    return torch.cumprod(x, 1), torch.erfinv(x.tanh() * 0.9), x.triu()\n",
            input(BATCH, LENGTH));
    assertThat(graph.nodes())
        .allSatisfy(n -> assertThat(n.results().getFirst().meta()).isInstanceOf(TensorMeta.class));
  }

  @Test
  void floatsOfSizesAreRoundedExactly() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                n = x.size(0)
                a = x[: int(n * 0.75)]
                b = x[: int(n / 3)]
                return a, b, x / float(n) ** 0.5
            """,
            input(LENGTH, of(3)));
    assertThat(graph.nodes().stream().filter(n -> n.target().name().equals("slice")))
        .extracting(n -> n.result().tensor().shape().getFirst().toString())
        .containsExactly("((3*length) // 4)", "(length // 3)");
  }

  @Test
  void anElementThatMayNotBeThereIsGuarded() {
    FxGraph graph = check("def forward(self, x):\n    return x[3] + x[-2]\n", input(BATCH, of(3)));
    assertThat(graph.signature().guards()).extracting(Object::toString).contains("4 <= batch");
  }

  @Test
  void windowsOfOpenImages() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                b, c, h, w = x.shape
                y = x.view(b, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5).contiguous()
                pad = (4 - h % 4) % 4
                return y.view(-1, c, 4), torch.constant_pad_nd(x, [0, 0, 0, pad])
            """,
            input(BATCH, of(2), Dim.symbol("h", 2, 31), Dim.symbol("w", 2, 33)));
    assertThat(graph.inputs().getFirst().tensor().shape().subList(2, 4))
        .extracting(Dim::toString)
        .containsExactly("2*h_over_2", "2*w_over_2");
  }

  @Test
  void writesInPlaceToOpenTensors() {
    check(
        """
        def forward(self, x):
            y = x.clone()
            y[:, 0] = 1
            y[:, 1:] += y[:, :-1].clone()
            y.view(-1)[:3].zero_()
            y.transpose(0, 1)[0].mul_(2)
            y.narrow(1, 1, x.size(1) - 1).add_(1)
            y[y > 1] = 0.5
            return y
        """,
        input(Dim.symbol("n", 2, 9), Dim.symbol("m", 3, 20)));
  }
}
