package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.Residency;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantFileTest {
  @TempDir Path folder;

  @Test
  void keepsWhatLeavesMemory() {
    try (ConstantFile file = ConstantFile.in(folder)) {
      MemorySegment large = file.allocate(1 << 20, 64);
      MemorySegment next = file.allocate(100_001, 64);
      MemorySegment small = file.allocate(12, 64);
      large.fill((byte) 1);
      next.fill((byte) 2);
      small.fill((byte) 3);
      for (MemorySegment segment : new MemorySegment[] {large, next, small}) {
        Residency.release(segment);
        assertThat(segment.address() % 64).isZero();
      }

      assertThat(large.get(ValueLayout.JAVA_BYTE, (1 << 20) - 1)).isEqualTo((byte) 1);
      assertThat(next.get(ValueLayout.JAVA_BYTE, 100_000)).isEqualTo((byte) 2);
      assertThat(small.get(ValueLayout.JAVA_BYTE, 11)).isEqualTo((byte) 3);
    }
  }

  @Test
  void beginsWithZeros() {
    try (ConstantFile file = ConstantFile.in(folder)) {
      assertThat(file.allocate(3 << 20, 64).mismatch(MemorySegment.ofArray(new byte[3 << 20])))
          .isEqualTo(-1);
    }
  }

  @Test
  void leavesNoFile() throws IOException {
    try (ConstantFile file = ConstantFile.in(folder)) {
      file.allocate(1 << 20, 64);
      try (var left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void saysWhereItCannotWrite() {
    assertThatThrownBy(() -> ConstantFile.in(folder.resolve("none")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("none")
        .hasMessageContaining("does not exist");
  }
}
