package io.ait4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** In a virtual machine of its own, since other tests have loaded libtorch into this one. */
@EnabledOnOs(OS.LINUX)
class LazyLoadingTest {
  static final class Child {
    public static void main(String[] args) throws IOException {
      TorchModule.setThreads(1);
      System.out.println("before " + isMapped());
      new TorchModule(new Sketch().input("x", 1).returning("x")).close();
      System.out.println("after " + isMapped());
    }

    private static boolean isMapped() throws IOException {
      return Files.readString(Path.of("/proc/self/maps")).contains("libtorch");
    }
  }

  @Test
  void onlyAModuleLoadsLibtorch() throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> said =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(child.waitFor()).as(said::toString).isZero();
    assertThat(said).contains("before false", "after true");
  }
}
