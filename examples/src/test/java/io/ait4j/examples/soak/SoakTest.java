package io.ait4j.examples.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakTest {
  @TempDir private Path work;

  @Test
  void theProcessStaysAsItWas() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean flat =
        Soak.run(
            Path.of("models"), work, 500, 8, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(flat).as(out.toString(StandardCharsets.UTF_8)).isTrue();
  }

  @Test
  void aLeakAndAWrongResultAreSeen() throws Exception {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofShared()) {
      Request leaking = number -> arena.allocate(100_000);
      assertThat(Soak.isFlat(List.of(leaking), leaking, 1000, 2, out)).isFalse();
    }
    Path file = Files.write(work.resolve("mapped"), new byte[100]);
    try (Arena arena = Arena.ofShared()) {
      Request mapping =
          number -> {
            try (FileChannel channel = FileChannel.open(file)) {
              channel.map(FileChannel.MapMode.READ_ONLY, 0, 100, arena);
            }
          };
      assertThat(Soak.isFlat(List.of(mapping), mapping, 100, 2, out)).isFalse();
    }
    Request wrong =
        number -> {
          try (Arena arena = Arena.ofConfined()) {
            SmallModels.check(SmallModels.filled(2, number, arena), 0);
          }
        };
    assertThatThrownBy(() -> Soak.isFlat(List.of(wrong), wrong, 100, 2, out))
        .hasCauseInstanceOf(AssertionError.class);
  }
}
