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
 * runs it; for two processors side by side, since each takes a compiler and then a core for long.
 */
class KernelsTest {
  @TempDir Path folder;

  @Test
  void allKernelsOnThisProcessorAndProductsWithNarrowerVectors() throws Exception {
    Step builtHere = build("native");
    Step builtNarrow = build("x86-64-v3");
    builtHere.passes();
    Step here = start("native.run", List.of(program("native")));
    builtNarrow.passes();
    Step narrow = start("x86-64-v3.run", List.of(program("x86-64-v3"), "gemm", "conv", "sdpa"));
    here.passes();
    narrow.passes();
  }

  private String program(String march) {
    return folder.resolve(march).toString();
  }

  private Step build(String march) throws IOException {
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
            program(march)));
    return start(march + ".build", build);
  }

  private Step start(String name, List<String> command) throws IOException {
    Path output = folder.resolve(name + ".txt");
    return new Step(
        name,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** A process and what it says. */
  private record Step(String name, Process process, Path output) {
    void passes() throws IOException, InterruptedException {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).as(name).isTrue();
      assertThat(process.exitValue()).as("%s: %s", name, Files.readString(output)).isZero();
    }
  }
}
