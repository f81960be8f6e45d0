package io.ait4j.fx.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of the CUDA driver. Handles and device addresses are numbers here, as nothing can
 * be read through them.
 */
final class Driver {
  private static final Linker LINKER = Linker.nativeLinker();

  // One for each shape of a function, I int, L handle or size, A address of host memory. The
  // function is the leading argument, so that these are constants of the JVM.
  private static final MethodHandle NONE = handle();
  private static final MethodHandle I = handle(JAVA_INT);
  private static final MethodHandle A = handle(ADDRESS);
  private static final MethodHandle L = handle(JAVA_LONG);
  private static final MethodHandle LL = handle(JAVA_LONG, JAVA_LONG);
  private static final MethodHandle AA = handle(ADDRESS, ADDRESS);
  private static final MethodHandle AI = handle(ADDRESS, JAVA_INT);
  private static final MethodHandle AL = handle(ADDRESS, JAVA_LONG);
  private static final MethodHandle IA = handle(JAVA_INT, ADDRESS);
  private static final MethodHandle AII = handle(ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ALI = handle(ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle ALL = handle(ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LIA = handle(JAVA_LONG, JAVA_INT, ADDRESS);
  private static final MethodHandle LLI = handle(JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle ALLL = handle(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LLLL = handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final int EVENT_WITHOUT_TIME = 2;
  private static final int STREAM_NON_BLOCKING = 1;
  private static final int POOL_RELEASE_THRESHOLD = 4;

  private final SymbolLookup symbols;
  private final Map<String, MemorySegment> functions = new ConcurrentHashMap<>();

  private static MethodHandle handle(MemoryLayout... arguments) {
    return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /**
   * @throws ModelException (RUN) if the driver does not start
   */
  Driver(SymbolLookup symbols) {
    this.symbols = symbols;
    call("cuInit", f -> (int) I.invokeExact(f, 0));
  }

  private interface Call {
    int of(MemorySegment function) throws Throwable;
  }

  private MemorySegment function(String name) {
    return functions.computeIfAbsent(
        name, n -> symbols.find(n).orElseThrow(() -> DriverFailure.tooOld(n)));
  }

  private int status(String name, Call call) {
    MemorySegment function = function(name);
    try {
      return call.of(function);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void call(String name, Call call) {
    int status = status(name, call);
    if (status != 0) {
      throw failure(name, status);
    }
  }

  private ModelException failure(String name, int status) {
    return DriverFailure.of(name, status, text("cuGetErrorName", status));
  }

  private String text(String name, int status) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment text = local.allocate(ADDRESS);
      int failed = status(name, f -> (int) IA.invokeExact(f, status, text));
      return failed != 0
          ? "error " + status
          : text.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }
  }

  private interface Out {
    int of(MemorySegment function, MemorySegment out) throws Throwable;
  }

  /** A function whose first argument is where it writes its result, of 4 or 8 bytes. */
  private long result(String name, Out call) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(JAVA_LONG);
      call(name, f -> call.of(f, out));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** The CUDA version that it supports, 13000 for 13.0. */
  int version() {
    return (int) result("cuDriverGetVersion", (f, out) -> (int) A.invokeExact(f, out));
  }

  int deviceCount() {
    return (int) result("cuDeviceGetCount", (f, out) -> (int) A.invokeExact(f, out));
  }

  int device(int index) {
    return (int) result("cuDeviceGet", (f, out) -> (int) AI.invokeExact(f, out, index));
  }

  String name(int device) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment text = local.allocate(256);
      call("cuDeviceGetName", f -> (int) AII.invokeExact(f, text, 255, device));
      return text.getString(0);
    }
  }

  int attribute(int device, int attribute) {
    return (int)
        result(
            "cuDeviceGetAttribute", (f, out) -> (int) AII.invokeExact(f, out, attribute, device));
  }

  long totalBytes(int device) {
    return result("cuDeviceTotalMem_v2", (f, out) -> (int) AI.invokeExact(f, out, device));
  }

  /** The context that everything in the process shares; lasts as long as the process. */
  long primaryContext(int device) {
    return result("cuDevicePrimaryCtxRetain", (f, out) -> (int) AI.invokeExact(f, out, device));
  }

  /** Makes this thread's calls go to a context. */
  void makeCurrent(long context) {
    call("cuCtxSetCurrent", f -> (int) L.invokeExact(f, context));
  }

  /** Waits for all work of the current context. */
  void synchronizeContext() {
    call("cuCtxSynchronize", f -> (int) NONE.invokeExact(f));
  }

  /** Of the current context's device. */
  long freeBytes() {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment total = local.allocate(JAVA_LONG);
      return result("cuMemGetInfo_v2", (f, free) -> (int) AA.invokeExact(f, free, total));
    }
  }

  /**
   * A pool of a device's memory that keeps what is freed up to a threshold.
   *
   * @param index as the process sees the device
   */
  long createPool(int index, long threshold) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment properties = local.allocate(88, 8); // CUmemPoolProps
      properties.set(JAVA_INT, 0, 1); // CU_MEM_ALLOCATION_TYPE_PINNED
      properties.set(JAVA_INT, 8, 1); // CU_MEM_LOCATION_TYPE_DEVICE
      properties.set(JAVA_INT, 12, index);
      long pool = result("cuMemPoolCreate", (f, out) -> (int) AA.invokeExact(f, out, properties));
      MemorySegment value = local.allocateFrom(JAVA_LONG, threshold);
      call(
          "cuMemPoolSetAttribute",
          f -> (int) LIA.invokeExact(f, pool, POOL_RELEASE_THRESHOLD, value));
      return pool;
    }
  }

  /** Gives back what a pool keeps and nobody uses. */
  void trimPool(long pool) {
    call("cuMemPoolTrimTo", f -> (int) LL.invokeExact(f, pool, 0L));
  }

  /** Memory in a stream's order; 0 if there is not enough. */
  long allocate(long pool, long bytes, long stream) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(JAVA_LONG);
      String name = "cuMemAllocFromPoolAsync";
      int status = status(name, f -> (int) ALLL.invokeExact(f, out, bytes, pool, stream));
      if (status != 0 && status != DriverFailure.OUT_OF_MEMORY) {
        throw failure(name, status);
      }
      return status == 0 ? out.get(JAVA_LONG, 0) : 0;
    }
  }

  void free(long address, long stream) {
    call("cuMemFreeAsync", f -> (int) LL.invokeExact(f, address, stream));
  }

  /** Memory of the host that the GPU reads and writes by itself; 0 if there is not enough. */
  long allocatePinned(long bytes) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(JAVA_LONG);
      int status = status("cuMemHostAlloc", f -> (int) ALI.invokeExact(f, out, bytes, 0));
      if (status != 0 && status != DriverFailure.OUT_OF_MEMORY) {
        throw failure("cuMemHostAlloc", status);
      }
      return status == 0 ? out.get(JAVA_LONG, 0) : 0;
    }
  }

  void copyToDevice(long from, long to, long bytes, long stream) {
    call("cuMemcpyHtoDAsync_v2", f -> (int) LLLL.invokeExact(f, to, from, bytes, stream));
  }

  void copyToHost(long from, long to, long bytes, long stream) {
    call("cuMemcpyDtoHAsync_v2", f -> (int) LLLL.invokeExact(f, to, from, bytes, stream));
  }

  void copyWithin(long from, long to, long bytes, long stream) {
    call("cuMemcpyDtoDAsync_v2", f -> (int) LLLL.invokeExact(f, to, from, bytes, stream));
  }

  /**
   * Copies rows from device memory to device memory.
   *
   * @param fromPitch bytes from a row to the next, at least {@code width}; so is {@code toPitch}
   */
  void copyRows(
      long from, long fromPitch, long to, long toPitch, long width, long height, long stream) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment copy = local.allocate(128, 8); // CUDA_MEMCPY2D
      copy.set(JAVA_INT, 16, 2); // CU_MEMORYTYPE_DEVICE
      copy.set(JAVA_LONG, 32, from);
      copy.set(JAVA_LONG, 48, fromPitch);
      copy.set(JAVA_INT, 72, 2);
      copy.set(JAVA_LONG, 88, to);
      copy.set(JAVA_LONG, 104, toPitch);
      copy.set(JAVA_LONG, 112, width);
      copy.set(JAVA_LONG, 120, height);
      call("cuMemcpy2DAsync_v2", f -> (int) AL.invokeExact(f, copy, stream));
    }
  }

  /** A stream that waits for no other. */
  long createStream() {
    return result("cuStreamCreate", (f, out) -> (int) AI.invokeExact(f, out, STREAM_NON_BLOCKING));
  }

  void synchronize(long stream) {
    call("cuStreamSynchronize", f -> (int) L.invokeExact(f, stream));
  }

  void destroyStream(long stream) {
    call("cuStreamDestroy_v2", f -> (int) L.invokeExact(f, stream));
  }

  void await(long stream, long event) {
    call("cuStreamWaitEvent", f -> (int) LLI.invokeExact(f, stream, event, 0));
  }

  long createEvent(boolean timed) {
    int flags = timed ? 0 : EVENT_WITHOUT_TIME;
    return result("cuEventCreate", (f, out) -> (int) AI.invokeExact(f, out, flags));
  }

  void record(long event, long stream) {
    call("cuEventRecord", f -> (int) LL.invokeExact(f, event, stream));
  }

  void synchronizeEvent(long event) {
    call("cuEventSynchronize", f -> (int) L.invokeExact(f, event));
  }

  float elapsedMillis(long begin, long end) {
    long bits = result("cuEventElapsedTime", (f, out) -> (int) ALL.invokeExact(f, out, begin, end));
    return Float.intBitsToFloat((int) bits);
  }

  void destroyEvent(long event) {
    call("cuEventDestroy_v2", f -> (int) L.invokeExact(f, event));
  }
}
