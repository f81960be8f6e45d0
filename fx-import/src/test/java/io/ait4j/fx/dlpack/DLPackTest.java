package io.ait4j.fx.dlpack;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the structures' layout as {@code dlpack.h} has it. */
class DLPackTest {
  private final Arena arena = Arena.ofShared();
  private final AtomicInteger freed = new AtomicInteger();

  @AfterEach
  void close() {
    arena.close();
  }

  private NativeTensor floats(long[] sizes, long[] strides, float... values) {
    return new NativeTensor(DType.FLOAT32, sizes, strides, arena.allocateFrom(JAVA_FLOAT, values));
  }

  private NativeTensor columns() {
    return floats(new long[] {2, 3}, new long[] {1, 2}, 0, 1, 2, 3, 4, 5);
  }

  private MemorySegment given(DLPack form, NativeTensor tensor) {
    return form.hand(tensor, freed::incrementAndGet);
  }

  @Test
  void writesWhatTheHeaderSays() {
    NativeTensor tensor = columns();
    MemorySegment managed = given(DLPack.VERSIONED, tensor).reinterpret(80);
    assertThat(managed.get(JAVA_INT, 0)).isEqualTo(1);
    assertThat(managed.get(JAVA_LONG, 24)).as("flags").isZero();
    assertThat(managed.get(JAVA_LONG, 32)).isEqualTo(tensor.address());
    assertThat(managed.get(JAVA_INT, 40)).as("device").isEqualTo(1);
    assertThat(managed.get(JAVA_INT, 48)).as("rank").isEqualTo(2);
    assertThat(managed.get(JAVA_INT, 52)).as("float, 32 bits, 1 lane").isEqualTo(0x0001_20_02);
    assertThat(managed.get(ADDRESS, 56).reinterpret(16).toArray(JAVA_LONG)).containsExactly(2, 3);
    assertThat(managed.get(ADDRESS, 64).reinterpret(16).toArray(JAVA_LONG)).containsExactly(1, 2);
    assertThat(managed.get(JAVA_LONG, 72)).as("byte offset").isZero();
    DLPack.VERSIONED.release(managed);
    assertThat(freed).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenCanBeTakenInTheSameMemory(DLPack form) {
    NativeTensor tensor = columns();
    MemorySegment managed = given(form, tensor);
    try (Arena receiver = Arena.ofConfined()) {
      NativeTensor taken = form.take(MemorySegment.ofAddress(managed.address()), receiver);
      assertThat(taken.address()).isEqualTo(tensor.address());
      assertThat(taken.strides()).containsExactly(1, 2);
      assertThat(taken.data().getAtIndex(JAVA_FLOAT, 5)).isEqualTo(5);
      assertThat(freed).hasValue(0);
    }
    assertThat(freed).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void keepsEveryType(DType dtype) {
    NativeTensor tensor = NativeTensor.contiguous(dtype, new long[] {2}, arena.allocate(64, 16));
    MemorySegment managed = given(DLPack.LEGACY, tensor);
    assertThat(DLPack.LEGACY.view(managed).dtype()).isEqualTo(dtype);
    DLPack.LEGACY.release(managed);
  }

  @Test
  void readOnlyMemoryStaysSo() {
    MemorySegment data = arena.allocate(8).asReadOnly();
    NativeTensor tensor = NativeTensor.contiguous(DType.FLOAT32, new long[] {2}, data);
    MemorySegment managed = given(DLPack.VERSIONED, tensor);
    assertThat(DLPack.VERSIONED.view(managed).data().isReadOnly()).isTrue();
    DLPack.VERSIONED.release(managed);
    assertThatThrownBy(() -> given(DLPack.LEGACY, tensor))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("DLPack.VERSIONED");
    assertThat(freed).hasValue(1);
  }

  @Test
  void aTensorOfADeviceIsAnAddressThere() {
    MemorySegment managed = given(DLPack.VERSIONED, there(0x7000));
    NativeTensor back = DLPack.VERSIONED.view(managed);
    assertThat(back.device()).isEqualTo(Device.cuda(1));
    assertThat(back.address()).isEqualTo(0x7000);
    DLPack.VERSIONED.release(managed);
  }

  private static NativeTensor there(long address) {
    return new NativeTensor(
        DType.FLOAT16,
        new long[] {3},
        new long[] {1},
        MemorySegment.ofAddress(address),
        Device.cuda(1));
  }

  @Test
  void readOnlyMemoryOfADeviceStaysSo() {
    MemorySegment data = MemorySegment.ofAddress(0x7000).asReadOnly();
    NativeTensor there =
        new NativeTensor(DType.INT8, new long[] {3}, new long[] {1}, data, Device.cuda(1));
    MemorySegment managed = given(DLPack.VERSIONED, there);
    assertThat(DLPack.VERSIONED.take(managed, arena).isReadOnly()).isTrue();
  }

  @Test
  void memoryOfADeviceBeginsWithAnElement() {
    MemorySegment managed = given(DLPack.VERSIONED, there(0x7001));
    assertThatThrownBy(() -> DLPack.VERSIONED.take(managed, arena))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("middle of an element");
    assertThat(freed).hasValue(1);
  }

  @Test
  void readsOlderProducersWithoutStridesAndOffsets() {
    MemorySegment managed = given(DLPack.LEGACY, columns());
    managed.set(JAVA_LONG, 32, 0); // no strides
    managed.set(JAVA_INT, 16, 1);
    managed.set(JAVA_LONG, 40, 8); // begins two floats later
    NativeTensor tensor = DLPack.LEGACY.view(managed);
    assertThat(tensor.sizes()).containsExactly(2);
    assertThat(tensor.strides()).containsExactly(1);
    assertThat(tensor.data().getAtIndex(JAVA_FLOAT, 0)).isEqualTo(2);
    DLPack.LEGACY.release(managed);
  }

  @Test
  void whatCannotBeReadIsRefusedAndGoesBackToItsOwner() {
    assertRefused("version 2.1", managed -> managed.set(JAVA_INT, 0, 2));
    assertRefused("on device 0 of type 10", managed -> managed.set(JAVA_INT, 40, 10));
    assertRefused("elements of 4 bits", managed -> managed.set(JAVA_INT, 52, 0x0001_04_00));
    assertRefused("4 lanes", managed -> managed.set(JAVA_INT, 52, 0x0004_20_02));
    assertRefused("has no memory", managed -> managed.set(JAVA_LONG, 32, 0));
    assertRefused("byte offset -8", managed -> managed.set(JAVA_LONG, 72, -8));
    assertRefused("has no shape", managed -> managed.set(JAVA_LONG, 56, 0));
    assertRefused("-1 dimensions", managed -> managed.set(JAVA_INT, 48, -1));
    assertRefused(
        "stride -1", managed -> managed.get(ADDRESS, 64).reinterpret(16).set(JAVA_LONG, 8, -1));
    assertRefused(
        "larger than any memory",
        managed -> managed.get(ADDRESS, 56).reinterpret(16).set(JAVA_LONG, 8, Long.MAX_VALUE));
    assertThatThrownBy(() -> DLPack.VERSIONED.take(MemorySegment.NULL, arena))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("null");
  }

  private void assertRefused(String why, Consumer<MemorySegment> change) {
    freed.set(0);
    MemorySegment managed = given(DLPack.VERSIONED, columns());
    change.accept(managed);
    assertThatThrownBy(() -> DLPack.VERSIONED.take(managed, arena))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(why);
    assertThat(freed).as(why).hasValue(1);
  }

  @Test
  void anArenaThatIsClosedTakesNothing() {
    MemorySegment managed = given(DLPack.VERSIONED, columns());
    Arena closed = Arena.ofConfined();
    closed.close();
    assertThatThrownBy(() -> DLPack.VERSIONED.take(managed, closed))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("closed");
    assertThat(freed).hasValue(1);
  }

  @Test
  void aDeleterThatFailsEndsNothing() {
    MemorySegment managed =
        DLPack.VERSIONED.hand(
            columns(),
            () -> {
              freed.incrementAndGet();
              throw new IllegalStateException("thrown by a test");
            });
    DLPack.VERSIONED.release(managed);
    assertThat(freed).hasValue(1);
  }
}
