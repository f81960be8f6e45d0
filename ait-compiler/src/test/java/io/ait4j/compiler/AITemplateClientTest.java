package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs for AITemplate's interface, compiled apart, on a library that is built from a graph. */
class AITemplateClientTest {
  @TempDir static Path folder;
  private static String library;

  @BeforeAll
  static void buildLibrary() throws Exception {
    library = ClientModel.library(ClientModel.sources(folder)).toString();
  }

  @Test
  void everyFunctionDoesWhatItSays() throws Exception {
    Client.build(folder, "interface.cpp", library).passes(folder.toString());
    String profile = Files.readString(folder.resolve("profile.json"));
    assertThat(profile)
        .matches(
            "(?s)\\{\n(  \"\\w+\": \\{\"ms_per_iter\": [0-9.e+-]+, \"qps\": [^\n]*\\},?\n)+\\}\n");
    assertThat(profile.lines().filter(line -> line.contains("ms_per_iter"))).hasSizeGreaterThan(1);
  }

  @Test
  void everyMisuseIsAnErrorWithAReason() throws Exception {
    Client.build(folder, "misuse.cpp", library).passes();
  }

  @Test
  void programsInCUseIt() throws Exception {
    Client.build(folder, "plain.c", library).passes();
  }

  @Test
  void comesAndGoesAndForksWithItsProcess() throws Exception {
    Client.build(folder, "process.cpp").passes(library);
  }

  @Test
  void needsTheSystemAlone() throws Exception {
    assertThat(Client.result(List.of("ldd", library)).output().lines())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsPattern("(linux-vdso|libc|libm|libpthread|/ld-linux[-\\w]*)\\.so"));
  }
}
