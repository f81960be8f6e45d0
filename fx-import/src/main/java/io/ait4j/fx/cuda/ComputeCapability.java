package io.ait4j.fx.cuda;

/** What a GPU can do, as NVIDIA counts it. */
public record ComputeCapability(int major, int minor) {
  /** The architecture that nvcc calls it: {@code sm_90}. */
  public String architecture() {
    return "sm_" + major + minor;
  }

  /** {@code 9.0}. */
  @Override
  public String toString() {
    return major + "." + minor;
  }
}
