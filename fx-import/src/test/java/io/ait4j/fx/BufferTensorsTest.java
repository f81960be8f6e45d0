package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.junit.jupiter.api.Test;

class BufferTensorsTest {
  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Test
  void aDirectBufferIsTheTensorsMemory() {
    FloatBuffer floats = direct(32).asFloatBuffer().position(2).limit(8);
    NativeTensor tensor = NativeTensor.of(DType.FLOAT32, new long[] {2, 3}, floats);
    floats.put(3, 7);
    assertThat(tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, 1)).isEqualTo(7);
    tensor.data().setAtIndex(ValueLayout.JAVA_FLOAT, 5, 9);
    assertThat(floats.get(7)).isEqualTo(9);
    assertThat(tensor.isOnHeap()).isFalse();
    assertThat(tensor.strides()).containsExactly(3, 1);
  }

  @Test
  void bytesHoldAnyType() {
    ByteBuffer halves = direct(8);
    assertThat(NativeTensor.of(DType.FLOAT16, new long[] {4}, halves).dtype())
        .isEqualTo(DType.FLOAT16);
    assertThat(NativeTensor.of(DType.BOOL, new long[] {8}, halves).numel()).isEqualTo(8);
  }

  @Test
  void aReadOnlyBufferIsAReadOnlyTensor() {
    Buffer readOnly = direct(4).asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    assertThat(NativeTensor.of(DType.INT32, new long[0], readOnly).data().isReadOnly()).isTrue();
  }

  @Test
  void aHeapBufferIsOnTheHeap() {
    NativeTensor tensor =
        NativeTensor.of(DType.INT64, new long[] {2}, LongBuffer.wrap(new long[] {4, 5}));
    assertThat(tensor.isOnHeap()).isTrue();
    assertThat(tensor.data().getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(5);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused(DType.FLOAT32, direct(20), "takes 16 bytes in elements of 4", "has 20");
    assertRefused(DType.FLOAT32, direct(12), "the buffer has 12");
    assertRefused(DType.FLOAT32, direct(16).asLongBuffer(), "elements of 8");
    assertRefused(
        DType.FLOAT32, ByteBuffer.allocateDirect(16), "byte order is BIG_ENDIAN", "nativeOrder()");
  }

  private static void assertRefused(DType dtype, Buffer buffer, String... words) {
    assertThatThrownBy(() -> NativeTensor.of(dtype, new long[] {4}, buffer))
        .isInstanceOf(ModelException.class)
        .message()
        .contains(words);
  }
}
