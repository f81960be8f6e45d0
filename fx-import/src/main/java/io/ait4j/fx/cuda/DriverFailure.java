package io.ait4j.fx.cuda;

import io.ait4j.fx.ModelException;

/** What the driver's errors mean to a user. */
final class DriverFailure {
  static final int OUT_OF_MEMORY = 2;
  private static final int NOT_INITIALIZED = 3;
  private static final int STUB_LIBRARY = 34;
  private static final int NO_DEVICE = 100;
  private static final int ECC_UNCORRECTABLE = 214;
  private static final int NVLINK_UNCORRECTABLE = 220;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_TIMEOUT = 702;
  private static final int ASSERT = 710;
  private static final int HARDWARE_STACK_ERROR = 714;
  private static final int ILLEGAL_INSTRUCTION = 715;
  private static final int MISALIGNED_ADDRESS = 716;
  private static final int INVALID_ADDRESS_SPACE = 717;
  private static final int INVALID_PROGRAM_COUNTER = 718;
  private static final int LAUNCH_FAILED = 719;
  private static final int SYSTEM_NOT_READY = 802;
  private static final int DRIVER_MISMATCH = 803;

  private DriverFailure() {}

  /**
   * @param name the driver's name of the error
   */
  static ModelException of(String function, int status, String name) {
    String where = " (" + name + " in " + function + ")";
    return switch (status) {
      case NO_DEVICE, NOT_INITIALIZED, STUB_LIBRARY ->
          run("the NVIDIA driver finds no GPU" + where + "; see what nvidia-smi lists");
      case SYSTEM_NOT_READY, DRIVER_MISMATCH ->
          run(
              "the NVIDIA driver does not start"
                  + where
                  + "; its kernel module and its library must be of one version, which a restart of"
                  + " the machine often settles");
      case OUT_OF_MEMORY -> run("the GPU is out of memory" + where);
      case ILLEGAL_ADDRESS -> lost("a kernel read or wrote memory that is not there", where);
      case MISALIGNED_ADDRESS -> lost("a kernel used a misaligned address", where);
      case LAUNCH_TIMEOUT -> lost("a kernel ran longer than this system allows", where);
      case ASSERT,
          HARDWARE_STACK_ERROR,
          ILLEGAL_INSTRUCTION,
          INVALID_ADDRESS_SPACE,
          INVALID_PROGRAM_COUNTER,
          LAUNCH_FAILED ->
          lost("a kernel failed", where);
      case ECC_UNCORRECTABLE, NVLINK_UNCORRECTABLE -> lost("the GPU's hardware failed", where);
      default -> run("the NVIDIA driver failed" + where);
    };
  }

  /** Errors after which no call of this process works on that GPU any more. */
  private static ModelException lost(String what, String where) {
    return run(
        what
            + where
            + "; nothing runs on this GPU any more until the process is restarted (compute-sanitizer"
            + " finds the kernel)");
  }

  static ModelException tooOld(String function) {
    return run(
        "the NVIDIA driver is too old: it lacks "
            + function
            + "; install one that supports CUDA 12 or later (nvidia-smi says which it supports)");
  }

  static ModelException run(String message) {
    return new ModelException(ModelException.Kind.RUN, message);
  }
}
