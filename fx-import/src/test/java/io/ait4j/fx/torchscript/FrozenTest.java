package io.ait4j.fx.torchscript;

import static io.ait4j.fx.torchscript.Scripts.check;
import static io.ait4j.fx.torchscript.Scripts.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.FxGraph;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Modules whose attributes {@code torch.jit.freeze} has made constants of their code. */
class FrozenTest {
  private static JitModule layer() {
    JitModule inner = new JitModule(new QualifiedName("Layer"));
    inner.register_parameter(
        "weight",
        range(5, 3, 3, 3).div(range(1).add_(new org.bytedeco.pytorch.Scalar(100))),
        false);
    inner.register_parameter("bias", range(5), false);
    inner.register_buffer("mean", range(5));
    inner.register_buffer("var", torch.torch_ones(5));
    inner.define(
        """
        def forward(self, x):
            y = torch.conv2d(x, self.weight, self.bias)
            y = torch.batch_norm(y, None, None, self.mean, self.var, False, 0.1, 1e-5, False)
            return torch.relu(y)
        """);
    JitModule outer = new JitModule(new QualifiedName("Model"));
    outer.register_module("layer", inner);
    outer.define("def forward(self, x):\n    return self.layer.forward(x) + 1\n");
    outer.eval();
    return outer;
  }

  @Test
  void constantsInTheCodeAreWeights() {
    FxGraph graph = check(torch.freeze(layer()), range(2, 3, 6, 6));
    assertThat(graph.weights()).isNotEmpty();
  }

  @Test
  void layersThatWereFusedAreRead() {
    FxGraph graph = check(torch.optimize_for_inference(layer()), range(2, 3, 6, 6));
    assertThat(Scripts.targets(graph)).contains("aten::convolution", "aten::relu");
  }
}
