package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NativeHeapTest {
  @Test
  void memoryIsAlignedAndAsLargeAsAsked() {
    for (long bytes : new long[] {1, 12, 64, 65}) {
      MemorySegment memory = NativeHeap.allocate(bytes);
      assertThat(memory.byteSize()).isEqualTo(bytes);
      assertThat(memory.address() % 64).isZero();
      NativeHeap.free(memory);
    }
  }
}
