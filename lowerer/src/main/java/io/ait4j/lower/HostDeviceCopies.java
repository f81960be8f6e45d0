package io.ait4j.lower;

/**
 * What a module on a GPU has copied between the host and the device.
 *
 * @param toDevice number of tensors
 * @param toHost number of tensors
 */
public record HostDeviceCopies(long toDevice, long toDeviceBytes, long toHost, long toHostBytes) {
  /** Of a module on the CPU. */
  public static final HostDeviceCopies NONE = new HostDeviceCopies(0, 0, 0, 0);

  /** What has been copied since {@code earlier}. */
  public HostDeviceCopies since(HostDeviceCopies earlier) {
    return new HostDeviceCopies(
        toDevice - earlier.toDevice,
        toDeviceBytes - earlier.toDeviceBytes,
        toHost - earlier.toHost,
        toHostBytes - earlier.toHostBytes);
  }

  /** Bytes in both directions. */
  public long bytes() {
    return toDeviceBytes + toHostBytes;
  }

  /** {@code 2 tensors (4096 bytes) to the device, 1 (8 bytes) back}. */
  @Override
  public String toString() {
    return "%d tensors (%d bytes) to the device, %d (%d bytes) back"
        .formatted(toDevice, toDeviceBytes, toHost, toHostBytes);
  }
}
