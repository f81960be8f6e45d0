package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class TensorsTest {
  private final Arena arena = Arena.ofAuto();
  private final NativeTensor six =
      NativeTensor.contiguous(
          DType.INT32, new long[] {6}, arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6));

  private NativeTensor view(long[] sizes, long... strides) {
    return new NativeTensor(DType.INT32, sizes, strides, six.data());
  }

  private static int[] stored(NativeTensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_INT);
  }

  @Test
  void injectiveStridesAreTold() {
    assertThat(Tensors.isInjective(new long[] {2, 3}, new long[] {3, 1})).isTrue();
    assertThat(Tensors.isInjective(new long[] {2, 3}, new long[] {1, 2})).isTrue();
    assertThat(Tensors.isInjective(new long[] {2, 3}, new long[] {8, 2})).isTrue();
    assertThat(Tensors.isInjective(new long[] {2, 3}, new long[] {1, 1})).isFalse();
    assertThat(Tensors.isInjective(new long[] {2, 3}, new long[] {0, 1})).isFalse();
    assertThat(Tensors.isInjective(new long[] {1, 3}, new long[] {0, 1})).isTrue();
    assertThat(Tensors.isInjective(new long[] {0, 3}, new long[] {0, 0})).isTrue();
  }

  @Test
  void copiesKeepStridesThatAreInjective() {
    NativeTensor copy = Tensors.copy(view(new long[] {2, 3}, 1, 2), arena::allocate);
    assertThat(copy.strides()).containsExactly(1, 2);
    assertThat(stored(copy)).containsExactly(1, 2, 3, 4, 5, 6);
    NativeTensor everySecond = Tensors.copy(view(new long[] {3}, 2), arena::allocate);
    assertThat(everySecond.strides()).containsExactly(2);
    assertThat(everySecond.data().getAtIndex(ValueLayout.JAVA_INT, 4)).isEqualTo(5);
  }

  @Test
  void copiesOfExpandedTensorsAreRowMajor() {
    NativeTensor copy = Tensors.copy(view(new long[] {2, 3}, 0, 1), arena::allocate);
    assertThat(copy.strides()).containsExactly(3, 1);
    assertThat(stored(copy)).containsExactly(1, 2, 3, 1, 2, 3);
  }
}
