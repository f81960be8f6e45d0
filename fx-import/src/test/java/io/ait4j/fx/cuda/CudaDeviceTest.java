package io.ait4j.fx.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaDeviceTest {
  private final FakeDriver fake = new FakeDriver();

  private CudaDevice device() {
    return DriverLibrary.of(fake).required().getFirst();
  }

  @Test
  @DisabledIf(
      value = "io.ait4j.fx.cuda.CudaDevice#isAvailable",
      disabledReason = "this machine has a GPU")
  void aMachineWithoutOneSaysSo() {
    assertThatThrownBy(CudaDevice::all)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("NVIDIA driver");
    assertThatThrownBy(() -> CudaDevice.of(0)).isInstanceOf(ModelException.class);
    assertThatThrownBy(CudaDevice::driverVersion).isInstanceOf(ModelException.class);
  }

  @Test
  void devicesAreWhatTheDriverSays() {
    List<CudaDevice> devices = DriverLibrary.of(fake).required();
    assertThat(devices).hasSize(2);
    CudaDevice second = devices.get(1);
    assertThat(second.device()).isEqualTo(Device.cuda(1));
    assertThat(second).hasToString("cuda:1 (Fake 71, compute capability 9.0)");
    assertThat(second.capability().architecture()).isEqualTo("sm_90");
    assertThat(second.totalBytes()).isEqualTo(FakeDriver.DEVICE_BYTES);
    assertThat(DriverLibrary.of(fake).version()).isEqualTo(12080);
  }

  @Test
  void nothingIsTakenBeforeItIsNeeded() {
    device();
    assertThat(fake.calls).containsOnlyKeys("cuInit");
  }

  @Test
  void aDriverWithoutDevicesIsToldApartFromNoDriver() {
    fake.devices = 0;
    assertThatThrownBy(this::device)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("finds no GPU");
    fake.failing.put("cuInit", 100);
    assertThatThrownBy(this::device).hasMessageContaining("finds no GPU");
  }

  @Test
  void anOldDriverIsNamed() {
    fake.missing.add("cuMemPoolCreate");
    CudaDevice device = device();
    try (CudaStream stream = device.stream()) {
      assertThatThrownBy(() -> stream.allocate(4))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("too old")
          .hasMessageContaining("cuMemPoolCreate");
    }
  }

  @Test
  void tooLittleMemorySaysWhatWasAskedForAndWhatIsFree() {
    CudaDevice device = device();
    try (CudaStream stream = device.stream()) {
      long kept = stream.allocate(1000);
      assertThatThrownBy(() -> stream.allocate(FakeDriver.DEVICE_BYTES))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("cuda:0 (Fake 70) is out of memory")
          .hasMessageContaining("1048576 bytes were asked for")
          .hasMessageContaining("1047576 of 1048576 are free");
      assertThat(fake.calls).containsEntry("cuMemPoolTrimTo", 1);
      stream.free(kept);
      assertThat(fake.memory).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "700,memory that is not there",
    "716,misaligned",
    "719,a kernel failed",
    "214,hardware"
  })
  void aFailureThatLosesTheContextSaysSo(int status, String what) {
    CudaStream stream = device().stream();
    fake.failing.put("cuStreamSynchronize", status);
    assertThatThrownBy(stream::synchronize)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(what)
        .hasMessageContaining("until the process is restarted")
        .hasMessageContaining("CUDA_ERROR_" + status);
    assertThatThrownBy(stream::close).isInstanceOf(ModelException.class);
    assertThat(fake.streams).isEmpty();
  }

  @Test
  void aClosedStreamStillFreesWhatItMade() {
    CudaStream stream = device().stream();
    long address = stream.allocate(8);
    stream.close();
    stream.close();
    stream.free(address);
    assertThat(fake.memory).isEmpty();
    assertThat(fake.calls).containsEntry("cuStreamDestroy_v2", 1);
  }

  @Test
  void aClosedStreamTakesNoMoreWork() {
    CudaDevice device = device();
    CudaStream stream = device.stream();
    try (CudaEvent event = CudaEvent.untimed(device)) {
      stream.close();
      assertThatThrownBy(() -> stream.allocate(8)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> stream.record(event)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> stream.await(event)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(stream::handle).isInstanceOf(IllegalStateException.class);
    }
    assertThat(fake.memory).isEmpty();
  }

  @Test
  void aStreamOfSomebodyElseIsNotDestroyed() {
    CudaStream.of(device(), 77).close();
    assertThat(fake.calls).doesNotContainKey("cuStreamDestroy_v2");
  }

  @Test
  void eventsMeasure() {
    CudaDevice device = device();
    try (CudaStream stream = device.stream();
        CudaEvent begin = CudaEvent.timed(device);
        CudaEvent end = CudaEvent.timed(device)) {
      stream.record(begin);
      stream.await(begin);
      stream.record(end);
      end.synchronize();
      assertThat(end.millisSince(begin)).isEqualTo(2.5);
    }
    assertThat(fake.calls).containsEntry("cuEventDestroy_v2", 2);
  }

  @Test
  void allWorkCanBeWaitedFor() {
    CudaDevice device = device();
    device.synchronize();
    assertThat(fake.calls).containsEntry("cuCtxSynchronize", 1);
    fake.failing.put("cuCtxSynchronize", 700);
    assertThatThrownBy(device::synchronize).isInstanceOf(ModelException.class);
  }
}
