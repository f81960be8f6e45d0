package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.imported;
import static io.ait4j.fx.torchscript.Scripts.module;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import org.junit.jupiter.api.Test;

/** Random numbers as PyTorch draws them in eval mode. */
class RandomTest {
  @Test
  void dropoutIsNothing() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                x = torch.dropout(x, 0.5, False)
                x = torch.feature_dropout(x, 0.5, False)
                x = torch.alpha_dropout(x, 0.5, False)
                x = torch.feature_alpha_dropout(x, 0.5, False)
                x = torch.dropout_(x + 0, 0.5, False)
                return torch.rrelu(x) + 1
            """,
            range(3));
    assertThat(Scripts.targets(graph)).doesNotContain("aten::dropout", "aten::alpha_dropout");
  }

  @Test
  void numbersThatNobodyReadsAreNotDrawn() {
    FxGraph graph =
        check(
            """
            def forward(self, x):
                noise = torch.rand([3])
                other = torch.zeros([3]).normal_()
                return x + 1
            """,
            range(3));
    assertThat(Scripts.targets(graph)).containsExactly("aten::add.Tensor");
  }

  @Test
  void numbersAreDrawnAsOftenAndInTheOrderOfTheSource() {
    try (ImportedModel model =
        imported(
            module(
                """
                def forward(self, x):
                    a = torch.rand([3])
                    b = torch.randn([3])
                    c = torch.rand([3])
                    p = torch.bernoulli(torch.full([3], 0.5))
                    return a + b * c + p + torch.rand_like(x), torch.randint(0, 9, [2])
                """),
            range(3))) {
      assertThat(Scripts.targets(model.graph()).stream().filter(t -> t.matches(".*(rand|bern).*")))
          .containsExactly(
              "aten::rand",
              "aten::randn",
              "aten::rand",
              "aten::bernoulli",
              "aten::rand_like",
              "aten::randint.low");
    }
  }
}
