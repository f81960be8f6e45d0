package io.ait4j.fx.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeSourceTest {
  private final NodeSource source = new NodeSource();

  @Test
  void theInnermostFrameOutsidePyTorchAndTheInnermostModule() {
    String trace =
        """
        File "/home/me/net.py", line 7, in forward
            y = self.block(x)
          File "/env/lib/python3.12/site-packages/transformers/models/bert/modeling_bert.py", line 84, in forward
            return self.norm(x)
          File "/env/lib/python3.12/site-packages/torch/nn/modules/normalization.py", line 229, in forward
            return F.layer_norm(""";
    String modules = "L__self__,,Net;L__self__m.norm,m.norm,torch.nn.LayerNorm";
    assertThat(source.of(trace, modules))
        .isEqualTo("transformers/models/bert/modeling_bert.py:84 in m.norm");
  }

  @Test
  void eitherMayBeMissing() {
    assertThat(source.of("", "")).isEmpty();
    assertThat(source.of("", "a,b.c,T")).isEqualTo("b.c");
    assertThat(source.of("File \"/x/y.py\", line 3, in f", "nonsense")).isEqualTo("y.py:3");
    assertThat(source.of("File \"torch/fx/passes/runtime_assert.py\", line 24, in g", ""))
        .isEmpty();
    String none = "_empty_nn_module_stack_from_metadata_hook";
    assertThat(source.of("", none + "," + none + "," + none)).isEmpty();
  }
}
