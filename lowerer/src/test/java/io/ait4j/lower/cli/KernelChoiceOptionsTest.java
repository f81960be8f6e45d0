package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a user is told of the tiles of kernels for GPUs, which needs neither a GPU nor nvcc. */
class KernelChoiceOptionsTest {
  private Tool inspect(String... options) {
    Object[] all = new Object[options.length + 4];
    all[0] = "inspect";
    all[1] = Tool.MODELS.resolve("bert").resolve("model.pt2");
    all[2] = "--target=cuda:sm_90a";
    all[3] = "--precision=fp16";
    System.arraycopy(options, 0, all, 4, options.length);
    return Tool.run(all);
  }

  @Test
  void inspectNamesTheTileAndWhoChoseIt() {
    Tool text = inspect("--profile=off");
    assertThat(text.out()).containsPattern("gemm\\d+ gemm \\[ait::WgmmaTile<.*>, cost model, 1 of");
    assertThat(inspect("--profile=off", "--json").out())
        .contains("\"chosen_by\" : \"cost model\"", "\"expected_micros\"");
  }

  @Test
  void unknownSizesAreNamed() {
    Tool wrong = inspect("--profile=sometimes");
    assertThat(wrong.exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(wrong.err()).contains("sometimes", "likely, largest, smallest or off");
  }
}
