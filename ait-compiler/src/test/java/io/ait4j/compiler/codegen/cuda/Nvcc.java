package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.CudaCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles printed kernels, on machines that have nvcc. */
final class Nvcc {
  private static final String RESOURCES = "src/main/resources/io/ait4j/compiler/";

  private Nvcc() {}

  /** Compiles {@code texts} as one file, each with a name of its own, for each architecture. */
  static void compiles(Path folder, List<CudaKernelText> texts, String... architectures)
      throws IOException, InterruptedException {
    String nvcc = CudaCompiler.assumed(folder);
    StringBuilder source = new StringBuilder();
    texts.stream()
        .flatMap(t -> t.deviceHeaders().stream())
        .distinct()
        .forEach(header -> source.append("#include \"").append(header).append("\"\n"));
    source.append("namespace ait::model {\n");
    for (int i = 0; i < texts.size(); i++) {
      source.append(texts.get(i).device().replace("@", "k" + i));
    }
    Path file = Files.writeString(folder.resolve("kernels.cu"), source.append("}\n"));
    for (String architecture : architectures) {
      Path log = folder.resolve(architecture + ".txt");
      Process process =
          new ProcessBuilder(
                  nvcc,
                  "-std=c++20",
                  "--expt-relaxed-constexpr",
                  "-cubin",
                  "-gencode=arch="
                      + architecture.replace("sm", "compute")
                      + ",code="
                      + architecture,
                  "-I" + RESOURCES + "cuda",
                  "-I" + RESOURCES + "cpu",
                  file.toString(),
                  "-o",
                  folder.resolve(architecture + ".cubin").toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(architecture).isTrue();
      assertThat(process.exitValue()).as("%s: %s", architecture, Files.readString(log)).isZero();
    }
  }
}
