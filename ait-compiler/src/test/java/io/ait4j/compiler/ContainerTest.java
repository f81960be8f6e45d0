package io.ait4j.compiler;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs for {@code ait4j.h}, compiled apart, on a library that is built from a graph. */
class ContainerTest {
  @TempDir static Path folder;
  private static String library;

  @BeforeAll
  static void buildLibrary() throws Exception {
    library = ClientModel.library(ClientModel.sources(folder)).toString();
  }

  @Test
  void constantsChangeBesideRuns() throws Exception {
    Client.build(folder, "constants.cpp", library).passes("300");
  }

  @Test
  void callersWaitForARuntimeAndForksFindAllWhole() throws Exception {
    Client.build(folder, "runtimes.cpp", library).passes("50");
  }
}
