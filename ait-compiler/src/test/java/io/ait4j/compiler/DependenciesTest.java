package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a library of a graph needs of a machine. */
class DependenciesTest {
  @TempDir Path folder;

  @Test
  void needsTheSystemAlone() throws Exception {
    String library = ClientModel.library(ClientModel.sources(folder)).toString();
    assertThat(Client.result(List.of("ldd", library)).output().lines())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsPattern("(linux-vdso|libc|libm|libpthread|/ld-linux[-\\w]*)\\.so"));
  }
}
