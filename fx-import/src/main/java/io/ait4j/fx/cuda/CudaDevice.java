package io.ait4j.fx.cuda;

import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import java.util.List;

/**
 * An NVIDIA GPU of this machine. Safe for use from several threads; makes its context current on a
 * thread that uses it.
 */
public final class CudaDevice {
  private static final int COMPUTE_CAPABILITY_MAJOR = 75;
  private static final int COMPUTE_CAPABILITY_MINOR = 76;
  private static final int CLOCK_KILOHERTZ = 13;
  private static final int MULTIPROCESSORS = 16;
  private static final int MEMORY_CLOCK_KILOHERTZ = 36;
  private static final int MEMORY_BUS_BITS = 37;

  private final Driver driver;
  private final int index;
  private final int handle;
  private final String name;
  private final ComputeCapability capability;
  private final long totalBytes;
  private long context;
  private long pool;
  private Staging staging;

  CudaDevice(Driver driver, int index) {
    this.driver = driver;
    this.index = index;
    this.handle = driver.device(index);
    this.name = driver.name(handle);
    this.capability =
        new ComputeCapability(
            driver.attribute(handle, COMPUTE_CAPABILITY_MAJOR),
            driver.attribute(handle, COMPUTE_CAPABILITY_MINOR));
    this.totalBytes = driver.totalBytes(handle);
  }

  /** Whether this machine has a GPU and a driver for it. Never fails. */
  public static boolean isAvailable() {
    return DriverLibrary.ofThisMachine().failure() == null;
  }

  /**
   * The GPUs of this machine, in the driver's order.
   *
   * @throws ModelException (RUN) if there is no driver, or it finds none
   */
  public static List<CudaDevice> all() {
    return DriverLibrary.ofThisMachine().required();
  }

  /**
   * A GPU by its index.
   *
   * @throws ModelException (RUN) if there is no driver, or no such GPU
   */
  public static CudaDevice of(int index) {
    List<CudaDevice> all = all();
    if (index < 0 || index >= all.size()) {
      throw DriverFailure.run(
          "there is no GPU %d: this machine has %d (cuda:0%s)"
              .formatted(index, all.size(), all.size() == 1 ? "" : " to cuda:" + (all.size() - 1)));
    }
    return all.get(index);
  }

  /**
   * The newest CUDA version that the driver supports, {@code 13.0} for example.
   *
   * @throws ModelException (RUN) if there is no driver
   */
  public static String driverVersion() {
    DriverLibrary library = DriverLibrary.ofThisMachine();
    library.required();
    return library.version() / 1000 + "." + library.version() % 1000 / 10;
  }

  /** Its place in the driver's order. */
  public int index() {
    return index;
  }

  /** Where its tensors are. */
  public Device device() {
    return Device.cuda(index);
  }

  /** What NVIDIA calls it. */
  public String name() {
    return name;
  }

  /** Which instructions it has. */
  public ComputeCapability capability() {
    return capability;
  }

  /** How many of its processors work side by side. */
  public int multiprocessors() {
    return driver.attribute(handle, MULTIPROCESSORS);
  }

  /** The highest clock of its processors. */
  public double clockHertz() {
    return driver.attribute(handle, CLOCK_KILOHERTZ) * 1e3;
  }

  /** What its memory moves at most, twice a clock. */
  public double memoryBytesPerSecond() {
    return 2e3
        * driver.attribute(handle, MEMORY_CLOCK_KILOHERTZ)
        * driver.attribute(handle, MEMORY_BUS_BITS)
        / 8;
  }

  /** All its memory. */
  public long totalBytes() {
    return totalBytes;
  }

  /** A new stream, whose work waits for no other stream's. */
  public CudaStream stream() {
    makeCurrent();
    return new CudaStream(this, driver.createStream(), true);
  }

  /**
   * Waits for all work that this process has enqueued on it.
   *
   * @throws ModelException (RUN) if any of it failed in a way that loses the GPU's context
   */
  public void synchronize() {
    makeCurrent();
    driver.synchronizeContext();
  }

  /** What native code does on this thread from now on, it does on this GPU. */
  public void makeCurrent() {
    driver.makeCurrent(context());
  }

  private synchronized long context() {
    if (context == 0) {
      context = driver.primaryContext(handle);
    }
    return context;
  }

  Driver driver() {
    return driver;
  }

  /** Keeps up to a quarter of the memory for the next tensors: asking for it anew takes long. */
  private synchronized long pool() {
    if (pool == 0) {
      pool = driver.createPool(index, totalBytes / 4);
    }
    return pool;
  }

  synchronized Staging staging() {
    if (staging == null) {
      staging = new Staging(this);
    }
    return staging;
  }

  /**
   * Memory in a stream's order.
   *
   * @throws ModelException (RUN) if there is not enough, saying how much was asked for
   */
  long allocate(long bytes, long stream) {
    makeCurrent();
    long size = Math.max(1, bytes);
    long address = driver.allocate(pool(), size, stream);
    if (address == 0) {
      driver.synchronize(stream); // what it has freed can be given back only then
      driver.trimPool(pool());
      address = driver.allocate(pool(), size, stream);
    }
    if (address == 0) {
      throw DriverFailure.run(
          "%s (%s) is out of memory: %d bytes were asked for, %d of %d are free; run smaller inputs,"
                  .formatted(device(), name, bytes, driver.freeBytes(), totalBytes)
              + " or close other modules and programs that use it");
    }
    return address;
  }

  /** {@code cuda:0 (NVIDIA H200, compute capability 9.0)}. */
  @Override
  public String toString() {
    return device() + " (" + name + ", compute capability " + capability + ")";
  }
}
