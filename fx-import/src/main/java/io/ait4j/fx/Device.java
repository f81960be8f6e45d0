package io.ait4j.fx;

/**
 * Where a tensor's memory is.
 *
 * @param index which of the GPUs, as the driver counts them; 0 for the host
 */
public record Device(Kind kind, int index) {
  /** Kinds of devices. */
  public enum Kind {
    CPU(1),
    CUDA(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** Its number in DLPack, and on the C interface of a compiled library. */
    public int code() {
      return code;
    }
  }

  /** Memory that this process reads and writes itself. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  public Device {
    if (index < 0 || kind == Kind.CPU && index != 0) {
      throw new IllegalArgumentException(kind + " with index " + index);
    }
  }

  /** An NVIDIA GPU. */
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /** Whether it is the host. */
  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  /** As PyTorch writes it: {@code cpu}, {@code cuda:0}. */
  @Override
  public String toString() {
    return isCpu() ? "cpu" : "cuda:" + index;
  }
}
