package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds {@code kernel_test.cpp}, which holds the hand-written kernels against naive loops, and
 * runs it.
 */
class KernelsTest {
  @TempDir Path folder;

  @Test
  void allKernelsOnThisProcessor() throws Exception {
    passes("native", List.of());
  }

  @Test
  void productsConvolutionsAndAttentionWithNarrowerVectors() throws Exception {
    passes("x86-64-v3", List.of("gemm", "conv", "sdpa"));
  }

  private void passes(String march, List<String> parts) throws Exception {
    String program = folder.resolve("kernel_test").toString();
    List<String> build = new ArrayList<>(CxxCompiler.find(System::getenv).command());
    build.addAll(
        List.of(
            "-std=c++20",
            "-O3",
            "-march=" + march,
            "-ffp-contract=fast",
            "-fno-math-errno",
            "-fno-trapping-math",
            "-fopenmp-simd",
            "-pthread",
            "-Isrc/main/resources/io/ait4j/compiler/cpu",
            "src/test/cpp/kernel_test.cpp",
            "-o",
            program));
    assertThat(run(build)).isZero();
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(parts);
    assertThat(run(command)).isZero();
  }

  private int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    if (process.exitValue() != 0) {
      System.out.println(Files.readString(folder.resolve("output")));
    }
    return process.exitValue();
  }
}
