package io.ait4j.fx.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The driver of this machine. */
@Tag("gpu")
@EnabledIf(
    value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
    disabledReason = "no NVIDIA GPU, or no driver for it")
class RealDeviceTest {
  private static NativeTensor counting(int rows, int columns, Arena arena) {
    MemorySegment data = arena.allocate(4L * rows * columns, 64);
    for (int i = 0; i < rows * columns; i++) {
      data.setAtIndex(ValueLayout.JAVA_INT, i, i);
    }
    return NativeTensor.contiguous(DType.INT32, new long[] {rows, columns}, data);
  }

  @Test
  void itHasANameMemoryAndACapability() {
    CudaDevice device = CudaDevice.of(0);
    assertThat(device.name()).isNotBlank();
    assertThat(device.capability().major()).isGreaterThanOrEqualTo(5);
    assertThat(device.multiprocessors()).isPositive();
    assertThat(CudaDevice.driverVersion()).matches("[0-9]+\\.[0-9]+");
  }

  @Test
  void copiesArriveFromManyThreadsAtOnce() {
    CudaDevice device = CudaDevice.of(0);
    try (ForkJoinPool pool = new ForkJoinPool(8)) {
      pool.submit(
              () ->
                  IntStream.range(0, 32)
                      .parallel()
                      .forEach(
                          i -> {
                            try (Arena arena = Arena.ofShared();
                                CudaStream stream = device.stream()) {
                              NativeTensor host = counting(1000 + i, 1201, arena);
                              NativeTensor back =
                                  DeviceTensors.toHost(
                                      DeviceTensors.toDevice(host, stream, arena), stream, arena);
                              assertThat(back.data().mismatch(host.data())).isEqualTo(-1);
                            }
                          }))
          .join();
    }
  }

  @Test
  void rowsAreTransposedWithinTheDevice() {
    try (Arena arena = Arena.ofConfined();
        CudaStream stream = CudaDevice.of(0).stream()) {
      NativeTensor from = DeviceTensors.toDevice(counting(33, 17, arena), stream, arena);
      NativeTensor to =
          DeviceTensors.allocate(
              DType.INT32, new long[] {33, 17}, new long[] {1, 33}, stream, arena);
      DeviceTensors.copy(from, to, stream);
      MemorySegment back = DeviceTensors.toHost(to, stream, arena).data();
      for (int i = 0; i < 33; i++) {
        for (int j = 0; j < 17; j++) {
          assertThat(back.getAtIndex(ValueLayout.JAVA_INT, i + 33L * j)).isEqualTo(i * 17 + j);
        }
      }
    }
  }

  @Test
  void eventsMeasureAndOrderStreams() {
    CudaDevice device = CudaDevice.of(0);
    try (Arena arena = Arena.ofConfined();
        CudaStream first = device.stream();
        CudaStream second = device.stream();
        CudaEvent begin = CudaEvent.timed(device);
        CudaEvent end = CudaEvent.timed(device)) {
      NativeTensor host = counting(4000, 2000, arena);
      first.record(begin);
      NativeTensor there = DeviceTensors.toDevice(host, first, arena);
      first.record(end);
      second.await(end);
      assertThat(DeviceTensors.toHost(there, second, arena).data().mismatch(host.data()))
          .isEqualTo(-1);
      assertThat(end.millisSince(begin)).isPositive();
    }
  }

  @Test
  void moreMemoryThanThereIsIsRefusedAndTheRestGoesOn() {
    CudaDevice device = CudaDevice.of(0);
    try (CudaStream stream = device.stream()) {
      assertThatThrownBy(() -> stream.allocate(device.totalBytes() * 2))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("out of memory")
          .hasMessageContaining(device.totalBytes() * 2 + " bytes");
      stream.free(stream.allocate(1 << 20));
      stream.synchronize();
    }
  }
}
