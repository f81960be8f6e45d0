package io.ait4j.lower;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a module on a GPU has copied between the host and the device.
 *
 * @param toDevice number of tensors
 * @param toHost number of tensors
 */
public record HostDeviceCopies(
    @JsonProperty("to_device") long toDevice,
    @JsonProperty("to_device_bytes") long toDeviceBytes,
    @JsonProperty("to_host") long toHost,
    @JsonProperty("to_host_bytes") long toHostBytes) {
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
