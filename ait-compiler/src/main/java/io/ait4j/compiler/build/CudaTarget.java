package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import java.util.List;

/**
 * NVIDIA GPUs, known by compute capability.
 *
 * @param architectures as nvcc calls them: {@code sm_80}, {@code sm_90a}; at least one, no GPU
 *     below 8.0. PTX of the newest goes with them, so that later GPUs can run the library, unless
 *     it is of a kind that only its own GPU has, as {@code sm_90a}
 */
public record CudaTarget(List<String> architectures) implements Target {
  private static final int LEAST = 80;

  /**
   * @throws ModelException (USAGE) if this cannot be an architecture
   */
  public CudaTarget {
    architectures = List.copyOf(architectures);
    if (architectures.isEmpty()) {
      throw usage("no architecture");
    }
    for (String name : architectures) {
      if (!name.matches("sm_[1-9][0-9]{1,2}[af]?")) {
        throw usage("not an architecture: '" + name + "'");
      }
      if (capability(name) < LEAST) {
        throw usage("'" + name + "' is older than sm_80, the oldest that is compiled for");
      }
    }
  }

  /**
   * The first GPU of this machine.
   *
   * @throws ModelException (USAGE) if there is none
   */
  public static CudaTarget ofThisMachine() {
    try {
      String architecture = CudaDevice.of(0).capability().architecture();
      return new CudaTarget(List.of(architecture.equals("sm_90") ? "sm_90a" : architecture));
    } catch (ModelException e) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "cuda alone means this machine's GPU, but " + e.getMessage() + "; say which: cuda:sm_90a",
          e);
    }
  }

  private static ModelException usage(String reason) {
    return new ModelException(
        ModelException.Kind.USAGE, reason + "; use cuda:sm_80, cuda:sm_90a or the like");
  }

  /** Compute capability times ten: 90 for {@code sm_90a}. */
  public static int capability(String architecture) {
    return Integer.parseInt(architecture.replaceAll("[^0-9]", ""));
  }

  /** Whether code for it uses what only GPUs of exactly this capability have. */
  public static boolean isSpecific(String architecture) {
    return architecture.endsWith("a");
  }

  /**
   * Whether a GPU runs code for these architectures, be it from the newest one's PTX.
   *
   * @param capability the GPU's, times ten
   */
  public boolean runsOn(int capability) {
    return architectures.stream()
        .anyMatch(
            name ->
                isSpecific(name)
                    ? capability == capability(name)
                    : name.endsWith("f")
                        ? capability / 10 == capability(name) / 10 && capability >= capability(name)
                        : capability >= capability(name));
  }

  /** Whether any of them is a Hopper GPU with its own instructions (wgmma). */
  public boolean hasWgmma() {
    return architectures.contains("sm_90a");
  }

  @Override
  public CpuTarget host() {
    return System.getProperty("os.arch").equals("amd64")
        ? CpuTarget.X86_64_V3
        : new CpuTarget("armv8-a");
  }

  @Override
  public String spelling() {
    return "cuda:" + String.join(",", architectures);
  }
}
