package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.build.Target;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Converts for GPUs, which needs none: whole models compile for two generations of them. */
@EnabledIf(value = "hasNvcc", disabledReason = "no nvcc, which compiles for GPUs")
class CrossCompileTest {
  @TempDir private Path folder;

  static boolean hasNvcc() {
    try {
      LibraryBuilder.of(CompilerSettings.defaults().withTarget(Target.parse("cuda:sm_80")));
      return true;
    } catch (ModelException e) {
      if (e.getMessage().startsWith("no CUDA compiler")) {
        return false;
      }
      throw e; // one that is there but does not work is no reason to test nothing
    }
  }

  @ParameterizedTest
  @CsvSource({"bert,fp16", "resnet20,fp32"})
  void wholeModels(String name, String precision) {
    Path model = Tool.MODELS.resolve(name);
    Path aitm = folder.resolve("model.aitm");
    Tool convert =
        Tool.run(
            "convert",
            model.resolve("model.pt2"),
            "--target=cuda:sm_80,sm_90a",
            "--precision=" + precision,
            "--require-full",
            "--cache-dir",
            folder,
            "-o",
            aitm);
    assertThat(convert.exit()).as(convert.err()).isZero();
    assertThat(convert.out()).contains("cuda:sm_80,sm_90a", precision);
    assumeFalse(CudaDevice.isAvailable(), "what no GPU leads to is seen where there is none");
    Tool run =
        Tool.run(
            "run",
            aitm,
            "--inputs",
            model.resolve("io.safetensors"),
            "--outputs",
            folder.resolve("out.safetensors"));
    assertThat(run.exit()).isEqualTo(ExitCode.RUN.code());
    assertThat(run.err()).contains("NVIDIA").hasLineCount(1);
  }
}
