package io.ait4j.lower;

import java.util.concurrent.atomic.LongAdder;

/** Counts tensors that cross between the host and a device. */
final class CopyCounter {
  private final LongAdder toDevice = new LongAdder();
  private final LongAdder toDeviceBytes = new LongAdder();
  private final LongAdder toHost = new LongAdder();
  private final LongAdder toHostBytes = new LongAdder();

  void toDevice(long bytes) {
    toDevice.increment();
    toDeviceBytes.add(bytes);
  }

  void toHost(long bytes) {
    toHost.increment();
    toHostBytes.add(bytes);
  }

  HostDeviceCopies sum() {
    return new HostDeviceCopies(
        toDevice.sum(), toDeviceBytes.sum(), toHost.sum(), toHostBytes.sum());
  }
}
