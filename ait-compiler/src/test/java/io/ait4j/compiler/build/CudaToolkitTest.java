package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in nvcc's place that tells a version. */
class CudaToolkitTest {
  private static final CudaTarget TARGET = new CudaTarget(List.of("sm_80"));

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  private CudaToolkit find(int major, int minor, String... compiler) throws IOException {
    Path nvcc =
        Files.writeString(
            folder.resolve("nvcc"),
            """
            #!/bin/sh
            echo '#$ TOP=/opt/cuda/bin/..' >&2
            echo '#$ gcc -D__CUDACC_VER_MAJOR__=%d -D__CUDACC_VER_MINOR__=%d' >&2
            """
                .formatted(major, minor));
    Files.setPosixFilePermissions(nvcc, PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("NVCC", nvcc.toString());
    return CudaToolkit.find(environment::get, new CxxCompiler(List.of(compiler)), folder);
  }

  @Test
  void headersAreCompiledByTheCompilerOfTheRest() throws IOException {
    assertThat(find(12, 8, "/opt/clang++", "-m64").deviceCommand(TARGET))
        .containsSequence("-ccbin", "/opt/clang++");
    assertThat(find(12, 8, "/usr/bin/ccache", "g++-14").deviceCommand(TARGET))
        .containsSequence("-ccbin", "g++-14");
    environment.put("NVCC_CCBIN", "g++-13");
    assertThat(find(12, 8, "/usr/bin/g++").deviceCommand(TARGET))
        .containsSequence("-ccbin", "g++-13");
  }

  @Test
  void anOldToolkitIsRefused() throws IOException {
    assertThat(find(13, 0, "g++").root()).isEqualTo(Path.of("/opt/cuda"));
    assertThatThrownBy(() -> find(12, 6, "g++"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is of CUDA 12.6, and 12.8 or later is needed");
  }

  @Test
  void versionsDiffer() throws IOException {
    assertThat(find(13, 0, "g++").identity()).isNotEqualTo(find(13, 1, "g++").identity());
  }

  @Test
  void flagsOfTheEnvironmentDoNotReachNvcc() {
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "NVCC_APPEND_FLAGS", "-use_fast_math",
                "NVCC_PREPEND_FLAGS", "-g",
                "PATH", "/usr/bin"));
    CompilerProcess.prepare(variables, folder);
    assertThat(variables).containsOnlyKeys("PATH", "LC_ALL", "TMPDIR");
  }
}
