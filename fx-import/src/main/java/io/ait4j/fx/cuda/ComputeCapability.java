package io.ait4j.fx.cuda;

/** What a GPU can do, as NVIDIA counts it. */
public record ComputeCapability(int major, int minor) {
  /** The architecture that nvcc calls it: {@code sm_90}. */
  public String architecture() {
    return "sm_" + major + minor;
  }

  /** Times ten, as it is compared: 90. */
  public int number() {
    return major * 10 + minor;
  }

  /** {@code 9.0}. */
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
