package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.junit.jupiter.api.Test;

/** What a run leaves behind: in the caller's tensors, in buffers, in attributes. */
class StateTest {
  private static JitModule module(String forward, String buffer, Tensor value) {
    JitModule module = new JitModule(new QualifiedName("Stateful"));
    module.register_buffer(buffer, value);
    module.define(forward);
    return module;
  }

  @Test
  void aWriteToTheCallersTensorIsAnOutput() {
    FxGraph graph = check("def forward(self, x):\n    return x.add_(1) * 2\n", range(2));
    assertThat(graph.signature().inputMutations())
        .singleElement()
        .satisfies(m -> assertThat(m.input()).isEqualTo("x"))
        .satisfies(m -> assertThat(m.output()).isEqualTo(1));
    check(
        """
        def forward(self, x, y):
            x[0] = y[1]
            y.t()[1:].unsqueeze_(0).mul_(2)
            return x.view(-1)
        """,
        range(2, 3),
        range(2, 3));
  }

  @Test
  void theCallersTensorKeepsItsShape() {
    assertThatThrownBy(() -> check("def forward(self, x):\n    return x.t_()\n", range(2, 3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("'x'", "another shape");
  }

  @Test
  void aWriteInABranchReachesTheCaller() {
    for (int sign : new int[] {1, -1}) {
      check(
          """
          def forward(self, x):
              if bool(x.sum() > 0):
                  x.mul_(3)
              return x + 1
          """,
          range(3).mul(new org.bytedeco.pytorch.Scalar(sign)));
    }
  }

  @Test
  void aBufferThatIsWrittenIsState() {
    FxGraph graph =
        check(
            module(
                """
                def forward(self, x):
                    before = self.steps + 0
                    self.steps.add_(1)
                    return x * self.steps, before
                """,
                "steps",
                range(3)),
            range(3));
    assertThat(graph.signature().states())
        .singleElement()
        .satisfies(s -> assertThat(s.initial().name()).isEqualTo("steps"));
    assertThat(graph.inputs()).extracting(FxValue::name).containsExactly("x", "steps");
    assertThat(graph.weights()).isEmpty();
  }

  @Test
  void aCacheThatIsWrittenAtAPlace() {
    check(
        module(
            """
            def forward(self, x):
                self.cache[:, 1:] = self.cache[:, :-1].clone()
                self.cache[:, 0] = x
                return self.cache.sum(1)
            """,
            "cache",
            range(3, 4)),
        range(3));
  }

  @Test
  void anAttributeThatIsSetAfterItWasReadIsState() {
    FxGraph graph =
        check(
            module(
                """
                def forward(self, x):
                    self.hidden = (self.hidden + x).tanh()
                    return self.hidden * 2
                """,
                "hidden",
                range(3)),
            range(3));
    assertThat(graph.signature().states()).hasSize(1);
  }

  @Test
  void anAttributeThatIsSetBeforeItIsReadIsNot() {
    FxGraph graph =
        check(
            module(
                """
                def forward(self, x):
                    self.last = x * 2
                    return self.last + 1
                """,
                "last",
                range(3)),
            range(3));
    assertThat(graph.signature().states()).isEmpty();
  }

  @Test
  void aNumberThatIsCarriedFromRunToRunIsRefused() {
    JitModule module = new JitModule(new QualifiedName("Counting"));
    module.register_attribute(
        "count", new Type.TypePtr((Type) IntType.getIntTypePtr().get()), new IValue(0L));
    module.define(
        """
        def forward(self, x):
            self.count = self.count + 1
            return x * self.count
        """);
    assertThatThrownBy(() -> check(module, range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("'count'", "an int");
    JitModule fixed = new JitModule(new QualifiedName("Setting"));
    fixed.register_attribute(
        "count", new Type.TypePtr((Type) IntType.getIntTypePtr().get()), new IValue(0L));
    fixed.define(
        """
        def forward(self, x):
            self.count = x.size(0)
            return x * self.count
        """);
    check(fixed, range(3));
  }

  @Test
  void aBufferThatChangesShapeIsRefused() {
    assertThatThrownBy(
            () ->
                check(
                    module(
                        """
                        def forward(self, x):
                            self.seen = torch.cat([self.seen, x])
                            return self.seen.sum()
                        """,
                        "seen",
                        range(3)),
                    range(3)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("'seen'", "float32[6]", "float32[3]");
  }

  @Test
  void twoBuffersInOneMemoryAreNotWritten() {
    Tensor shared = range(4);
    JitModule module = new JitModule(new QualifiedName("Shared"));
    module.register_buffer("a", shared);
    module.register_buffer("b", shared.view(2, 2));
    module.define(
        """
        def forward(self, x):
            self.a.add_(x)
            return self.b * 2
        """);
    assertThatThrownBy(() -> check(module, range(4)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("'a'", "'b'", "share");
  }
}
