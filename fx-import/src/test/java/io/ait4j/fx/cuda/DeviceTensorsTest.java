package io.ait4j.fx.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTensorsTest {
  private final FakeDriver fake = new FakeDriver();
  private final Arena arena = Arena.ofConfined();
  private final CudaStream stream = DriverLibrary.of(fake).required().getFirst().stream();

  @AfterEach
  void everythingIsFreed() {
    stream.close();
    arena.close();
    assertThat(fake.memory).isEmpty();
  }

  private static long[] longs(String text) {
    return java.util.Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private NativeTensor random(String sizes, String strides) {
    long reach = NativeTensor.reach(longs(sizes), longs(strides));
    MemorySegment data = arena.allocate(reach * 4, 4);
    Random random = new Random(1);
    for (long i = 0; i < reach; i++) {
      data.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt());
    }
    return new NativeTensor(DType.INT32, longs(sizes), longs(strides), data);
  }

  private static int at(NativeTensor tensor, long... index) {
    long offset = 0;
    for (int d = 0; d < index.length; d++) {
      offset += index[d] * tensor.strides()[d];
    }
    return tensor.data().getAtIndex(ValueLayout.JAVA_INT, offset);
  }

  private static void assertSame(NativeTensor actual, NativeTensor expected) {
    assertThat(actual.sizes()).containsExactly(expected.sizes());
    for (long i = 0; i < expected.sizes()[0]; i++) {
      for (long j = 0; j < expected.sizes()[1]; j++) {
        for (long k = 0; k < expected.sizes()[2]; k++) {
          assertThat(at(actual, i, j, k)).isEqualTo(at(expected, i, j, k));
        }
      }
    }
  }

  @Test
  void whatIsOnADeviceCannotBeReadByMistake() {
    NativeTensor device = DeviceTensors.toDevice(random("2 3 4", "12 4 1"), stream, arena);
    assertThat(device).hasToString("int32[2, 3, 4] on cuda:0");
    assertThatThrownBy(device::data)
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "tensor int32[2, 3, 4] on cuda:0 is not in the host's memory and cannot be read; copy it"
                + " there first");
  }

  @ParameterizedTest
  @CsvSource({
    "2 3 4,12 4 1", // row-major
    "2 3 4,1 2 6", // permuted
    "2 3 4,40 8 2", // with gaps
    "2 3 4,0 4 1", // expanded
    "2 0 4,4 4 1", // empty
    "2 2 1,3 0 1", // as many elements as it reaches, but not each
    "3 1000 1000,1000000 1000 1", // larger than the buffers
  })
  void copiesThereAndBackAreTheSame(String sizes, String strides) {
    NativeTensor host = random(sizes, strides);
    fake.usedBytes = -host.numel() * 4;
    NativeTensor back =
        DeviceTensors.toHost(DeviceTensors.toDevice(host, stream, arena), stream, arena);
    if (host.numel() < 1000) {
      assertSame(back, host);
    } else {
      assertThat(back.data().mismatch(host.data())).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2 3 4,12 4 1,12 4 1",
    "2 3 4,12 4 1,1 2 6",
    "2 3 4,1 2 6,12 4 1",
    "2 3 4,40 8 2,12 4 1",
    "2 3 4,12 4 1,40 8 2",
    "5 1 7,7 7 1,1 99 5",
    "5 3 7,0 0 1,21 7 1",
    "5 3 7,0 1 0,21 7 1",
    "5 3 7,0 0 0,1 5 15",
    "4 3 4,1 1 1,12 4 1", // overlapping windows
  })
  void copiesWithinTheDeviceTakeAnyStrides(String sizes, String from, String to) {
    NativeTensor host = random(sizes, from);
    long address = stream.allocate(host.reachBytes());
    MemorySegment.copy(
        host.data(),
        0,
        MemorySegment.ofAddress(address).reinterpret(1 << 20),
        0,
        host.reachBytes());
    NativeTensor device =
        DeviceTensors.at(address, DType.INT32, longs(sizes), longs(from), stream.device());
    NativeTensor copy = DeviceTensors.allocate(DType.INT32, longs(sizes), longs(to), stream, arena);
    DeviceTensors.copy(device, copy, stream);
    assertSame(DeviceTensors.toHost(copy, stream, arena), host);
    stream.free(address);
  }

  @Test
  void aThreadThatHasNotUsedTheDeviceCopiesThere() throws Exception {
    NativeTensor from = DeviceTensors.toDevice(random("2 3 4", "12 4 1"), stream, arena);
    NativeTensor to =
        DeviceTensors.allocate(DType.INT32, from.sizes(), from.strides(), stream, arena);
    CompletableFuture<Void> copied = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                DeviceTensors.copy(from, to, stream);
                copied.complete(null);
              } catch (Throwable e) {
                copied.completeExceptionally(e);
              }
            });
    copied.get(1, TimeUnit.MINUTES);
  }

  @Test
  void anArenaThatIsClosedGetsNoMemory() {
    Arena closed = Arena.ofConfined();
    closed.close();
    long[] size = {4};
    assertThatThrownBy(
            () -> DeviceTensors.allocate(DType.INT32, size, new long[] {1}, stream, closed))
        .isInstanceOf(IllegalStateException.class);
    assertThat(fake.memory).isEmpty();
  }

  @Test
  void anInterruptedThreadCopiesWhatNeedsNoWaiting() {
    NativeTensor host = random("2 3 4", "12 4 1");
    for (int i = 0; i < 8; i++) { // more than there are buffers
      DeviceTensors.toDevice(host, stream, arena);
    }
    Thread.currentThread().interrupt();
    try {
      assertSame(
          DeviceTensors.toHost(DeviceTensors.toDevice(host, stream, arena), stream, arena), host);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatIsReadSeveralTimesIsCopiedByDoubling() {
    NativeTensor one = DeviceTensors.toDevice(random("1 1 1", "1 1 1"), stream, arena);
    NativeTensor wide =
        DeviceTensors.at(
            one.address(), DType.INT32, longs("64 64 64"), longs("0 0 0"), stream.device());
    fake.usedBytes = -(1 << 20);
    NativeTensor copy =
        DeviceTensors.allocate(DType.INT32, wide.sizes(), longs("4096 64 1"), stream, arena);
    fake.calls.clear();
    DeviceTensors.copy(wide, copy, stream);
    assertThat(fake.calls.values().stream().mapToInt(Integer::intValue).sum()).isLessThan(200);
    int value = at(DeviceTensors.toHost(one, stream, arena), 0, 0, 0);
    NativeTensor back = DeviceTensors.toHost(copy, stream, arena);
    assertThat(back.data().toArray(ValueLayout.JAVA_INT)).containsOnly(value);
  }
}
