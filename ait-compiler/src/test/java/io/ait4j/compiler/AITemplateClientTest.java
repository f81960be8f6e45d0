package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs for AITemplate's interface, compiled apart, on a library that is built from a graph. */
class AITemplateClientTest {
  @TempDir static Path folder;
  private static String library;
  private static String selfContained;
  private static String foldedForGood;

  @BeforeAll
  static void buildLibraries() throws Exception {
    Map<String, String> sources = ClientModel.sources(folder);
    library = ClientModel.library(sources).toString();
    sources.put("named.cpp", Files.readString(ClientModel.SOURCES.resolve("bound.cpp")));
    selfContained = ClientModel.library(sources).toString();
    sources.computeIfPresent(
        "named.cpp", (name, text) -> text.replace("_good = false", "_good = true"));
    sources.replaceAll(
        (name, text) ->
            text.replace(
                "\"w4\", ait::FLOAT32, 32, ConstantRole::Kept}",
                "\"w4\", ait::FLOAT32, 32, ConstantRole::Kept, true}"));
    foldedForGood = ClientModel.library(sources).toString();
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
  void everyFunctionOfOurOwnHeaderDoes() throws Exception {
    Client.build(folder, "direct.cpp", library).passes();
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
    Client.build(folder, "process.cpp")
        .passes(AffineLibrary.build(folder.resolve("cache")).toString());
  }

  @Test
  void librariesBringConstantsThatClientsReplace() throws Exception {
    Client.build(folder, "self_contained.cpp", selfContained).passes();
  }

  @Test
  void whatWasFoldedForGoodIsNotListed() throws Exception {
    Client.build(folder, "folded_for_good.cpp", foldedForGood).passes();
  }

  @Test
  void theExampleRunsALibraryOnOnes() throws Exception {
    Path example = Path.of("../examples/cpp/run_library.cpp").toAbsolutePath();
    assertThat(Files.readAllLines(example)).hasSizeLessThan(60);
    String said = Client.build(folder, example.toString(), "-ldl").passes(selfContained);
    assertThat(said).isEqualTo("y: 24 elements, the first is 6\nt: 48 elements, the first is -4\n");
  }
}
