package io.ait4j.compiler;

import io.ait4j.compiler.build.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The clients that know no device, on this machine's GPU; needs nvcc. */
@Tag("gpu")
@EnabledIf(
    value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
    disabledReason = "no NVIDIA GPU, or no driver for it")
class ClientsOnGpuTest {
  @TempDir static Path folder;
  private static String library;

  @BeforeAll
  static void buildLibrary() throws Exception {
    library =
        ClientModel.library(folder.resolve("named"), Target.parse("cuda"), "named.cpp").toString();
  }

  @Test
  void everyFunctionDoesWhatItSays() throws Exception {
    Client.build(folder, "interface.cpp", library).passes(folder.toString());
    Client.build(folder, "direct.cpp", library).passes();
  }

  @Test
  void everyMisuseIsAnErrorWithAReason() throws Exception {
    Client.build(folder, "misuse.cpp", library).passes();
  }

  @Test
  void constantsSwapUnderManyRequests() throws Exception {
    Client client = Client.build(folder, "stress.cpp", library);
    client.passes("4", "1000", "swap");
    client.passes("4", "1000", "still");
  }

  @Test
  void librariesBringConstantsThatClientsReplace() throws Exception {
    String bound =
        ClientModel.library(folder.resolve("bound"), Target.parse("cuda"), "bound.cpp").toString();
    Client.build(folder, "self_contained.cpp", bound).passes();
  }
}
