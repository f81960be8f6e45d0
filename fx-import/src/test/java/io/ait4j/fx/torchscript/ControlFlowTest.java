package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Conditions and loops: decided while reading where the input shapes decide them. */
class ControlFlowTest {
  /** The module on inputs that take either way. */
  private static FxGraph bothWays(String forward, long... sizes) {
    check(forward, range(sizes).neg().sub(new Scalar(1)));
    return check(forward, range(sizes).add(new Scalar(1)));
  }

  private static FxNode only(FxGraph graph, String target) {
    var nodes = graph.nodes().stream().filter(n -> n.target().toString().equals(target)).toList();
    assertThat(nodes).as("%s", graph).hasSize(1);
    return nodes.getFirst();
  }

  @Test
  void whatShapesDecideIsDecided() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                y = x
                if x.size(0) > 3 and x.dim() == 2:
                    y = y.tanh()
                for i in range(x.size(1)):
                    if i % 2 == 1:
                        y = y + i
                n = 0
                while n < 2:
                    y = y.relu()
                    n += 1
                return y
            """,
            range(4, 5));
    assertThat(Scripts.targets(graph))
        .containsExactly(
            "aten::tanh", "aten::add.Tensor", "aten::add.Tensor", "aten::relu", "aten::relu");
  }

  @Test
  void aBranchOnDataIsOneNodeAndItsResultIsTyped() {
    FxGraph graph =
        bothWays(
            """
            def forward(self, x):
                y = x * 2
                if bool(y.sum() > 0):
                    z = y.relu() + x
                else:
                    z = y - 1
                return z.tanh(), y
            """,
            3,
            4);
    FxNode branch = only(graph, "prim::If");
    assertThat(branch.blocks()).hasSize(2);
    assertThat(branch.result().meta()).isInstanceOf(TensorMeta.class);
    assertThat(branch.inputs()).contains("x");
  }

  @Test
  void numbersThatDataDecideArePassedOn() {
    bothWays(
        """
        def forward(self, x):
            n = 1
            f = 0.5
            if bool(x.sum() > 0):
                n = 3
                f = 2.5
            k = 7
            if bool(x.max() > 2):
                k = 7
            return x * n + f, x + k
        """,
        3,
        4);
  }

  @Test
  void writesInsideABranchAreSeenOutside() {
    bothWays(
        """
        def forward(self, x):
            y = x + 0
            row = y[1]
            if bool(x.sum() > 0):
                y[:, 0] = 9.0
                row.add_(1)
            else:
                y.neg_()
            return y, row, y.t().sum(0)
        """,
        3,
        4);
  }

  @Test
  void aViewReadInsideABranchIsReadAnewOutside() {
    bothWays(
        """
        def forward(self, x):
            y = x + 0
            row = y[1]
            y.add_(1)
            z = x
            if bool(x.sum() > 0):
                z = row * 2
            return z.sum(), row
        """,
        3,
        4);
  }

  @Test
  void branchesOfDifferentLayoutAreMadeOne() {
    FxGraph graph =
        bothWays(
            """
            def forward(self, x):
                if bool(x.sum() > 0):
                    y = x.t() * 2
                else:
                    y = x + 1
                return y.contiguous().view(-1)
            """,
            4,
            4);
    assertThat(only(graph, "prim::If").result().meta()).isInstanceOf(TensorMeta.class);
  }

  @Test
  void branchesOfDifferentShapeYieldATensorOfUnknownShape() {
    FxGraph graph =
        bothWays(
            """
            def forward(self, x):
                if bool(x.sum() > 0):
                    y = x[0:1]
                else:
                    y = x
                y = y * 2
                y.add_(1)
                return y.size(0), y, y.sum(0)
            """,
            3,
            4);
    assertThat(only(graph, "prim::If").result().meta()).isEqualTo(new ValueMeta.Opaque("Tensor"));
  }

  @Test
  void aLoopOnDataIsOneNode() {
    FxGraph graph =
        bothWays(
            """
            def forward(self, x):
                y = x
                n = 0
                while bool(y.abs().sum() < 1000) and n < 20:
                    y = y * 2 + x
                    n += 1
                return y, n, y.relu()
            """,
            3,
            4);
    FxNode loop = only(graph, "prim::Loop");
    assertThat(loop.results()).anyMatch(v -> v.meta() instanceof TensorMeta);
  }

  @Test
  void aLoopWhoseRoundsDependOnData() {
    bothWays(
        """
        def forward(self, x):
            y = x
            for i in range(int(x.max().abs().item())):
                y = y + i
                if bool(y.sum() > 100):
                    y = y - 50
            return y
        """,
        3,
        4);
  }

  @Test
  void aLoopThatWritesTensorsFromOutside() {
    bothWays(
        """
        def forward(self, x):
            out = torch.zeros([6, 4])
            seen = out[2:4]
            i = 0
            while bool(out.sum().abs() < 30) and i < 6:
                out[i] = x[0] + i
                i += 1
            return out, seen
        """,
        3,
        4);
  }

  @Test
  void aLoopThatWritesWhatItCarries() {
    bothWays(
        """
        def forward(self, x):
            y = x * 1
            n = 0
            while bool(y.abs().sum() < 500) and n < 10:
                y += x
                n += 1
            return y
        """,
        3,
        4);
    assertThatThrownBy(
            () ->
                bothWays(
                    """
                    def forward(self, x):
                        y = x * 1
                        z = y.view(-1)
                        n = 0
                        while bool(y.abs().sum() < 500) and n < 10:
                            y += x
                            n += 1
                        return y, z
                    """,
                    3,
                    4))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("in place");
  }

  @Test
  void nestedControlFlowPassesItsWritesOutwards() {
    bothWays(
        """
        def forward(self, x):
            out = torch.zeros([5, 4])
            top = out[0]
            n = 0
            while bool(out.sum().abs() < 40) and n < 5:
                row = out[n]
                if bool(x.sum() > 0):
                    row += x[0]
                    if n == 1:
                        top.add_(100)
                else:
                    for k in range(4):
                        if bool(x[0, k] < -1):
                            row[k] -= k + 0.5
                        else:
                            out[n, k] = 7
                n += 1
            top.mul_(2)
            return out, top, n
        """,
        3,
        4);
  }

  @Test
  void aLoopCarryingShapesThatGrow() {
    bothWays(
        """
        def forward(self, x):
            y = x
            while bool(y.abs().sum() < 300):
                y = torch.cat([y, x + 1])
            return y.sum(0), y
        """,
        3,
        4);
  }

  @Test
  void aBlockReadsWeightsOfTheModel() {
    JitModule module = new JitModule(new QualifiedName("Weighted"));
    module.register_parameter("w", range(4), false);
    module.define(
        """
        def forward(self, x):
            y = x
            if bool(x.sum() > 0):
                y = x * self.w
            return y + self.w
        """);
    FxGraph graph = check(module, range(3, 4));
    assertThat(graph.weights()).hasSize(1);
    assertThat(only(graph, "prim::If").blocks().getFirst().attributes()).isEmpty();
  }

  @Test
  void listsThatGrowOverData() {
    bothWays(
        """
        def forward(self, x):
            out = [x]
            kept = []
            while bool(out[-1].abs().sum() < 500):
                y = out[-1] * 2
                if bool(y.sum() > 0):
                    kept.append(y.sum())
                out.append(y)
            s = x.sum()
            for k in kept:
                s = s + k
            return torch.stack(out), len(kept), s, torch.cat(out, 0).sum()
        """,
        3,
        4);
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        out = [x]
                        while bool(out[-1].sum() < 100):
                            out.append(out[-1] * 2)
                        return out
                    """,
                    range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("list", "depends on data");
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        out = [x]
                        while bool(out[-1].sum() < 100):
                            out.append(out[-1] * 2)
                        x.add_(1)
                        return torch.stack(out)
                    """,
                    range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("may or may not");
  }

  @Test
  void tuplesAndListsFromBranches() {
    bothWays(
        """
        def pick(self, x):
            if bool(x.sum() > 0):
                return (x, [x + 1, x * 3])
            else:
                return (x * 2, [x, x])
        def forward(self, x):
            a, b = self.pick(x)
            return a + b[0] * b[1]
        """,
        3,
        4);
  }

  @Test
  void aResultThatMayBeNone() {
    bothWays(
        """
        def pick(self, x) -> Optional[Tensor]:
            if bool(x.sum() > 0):
                return x
            return None
        def count(self, x) -> Optional[int]:
            if bool(x.sum() > 0):
                return None
            return 3
        def forward(self, x):
            r = self.pick(x)
            n = self.count(x)
            if n is not None:
                x = x + n
            if r is None:
                return x * 0
            return r + 1
        """,
        3,
        4);
  }

  @Test
  void aLoopThatEndsInItsMiddle() {
    bothWays(
        """
        def forward(self, x):
            i = 0
            while True:
                i += 1
                if bool((x * i).sum() > 200):
                    break
                if i > 10:
                    break
            return x * i
        """,
        3,
        4);
  }

  @Test
  void aLoopThatCarriesTuples() {
    bothWays(
        """
        def cell(self, x, state: Tuple[Tensor, Tensor]):
            h, c = state
            c = c * 0.5 + x
            return c.tanh() + h, (c.tanh(), c)
        def forward(self, x):
            state = (torch.zeros_like(x), torch.ones_like(x))
            n = 0
            y = x
            while bool(y.sum().abs() < 100) and n < 6:
                y, state = self.cell(x, state)
                n += 1
            return y, state[1]
        """,
        3,
        4);
  }

  @Test
  void anAssertionOnDataIsLeftOut() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                assert bool(x.sum() > -100), "too small"
                return x * 2
            """,
            range(3));
    assertThat(Scripts.targets(graph)).containsExactly("aten::mul.Tensor");
  }

  @Test
  void anExceptionThatTheInputsRaiseIsTold() {
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        assert x.dim() == 3, "expected rank 3"
                        return x
                    """,
                    range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected rank 3");
  }

  @Test
  void aResultThatMayBeAnInputIsNotWritten() {
    Tensor x = range(3);
    assertThatThrownBy(
            () ->
                check(
                    """
                    def forward(self, x):
                        a = x + 1
                        b = a
                        if bool(x.sum() > 0):
                            b = a * 2
                        b.add_(1)
                        return a, b
                    """,
                    x))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("may or may not");
  }
}
