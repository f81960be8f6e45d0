package io.ait4j.fx.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A driver in Java with two devices, whose memory is the host's and whose streams are done at once.
 * Each public method is a function of the driver.
 */
public final class FakeDriver implements SymbolLookup {
  static final int DEVICE_BYTES = 1 << 20;
  private static final int NO_CONTEXT = 201;

  final Map<Long, Arena> memory = new HashMap<>();
  final Set<Long> streams = new HashSet<>();
  final Set<String> missing = new HashSet<>();

  /** What a function returns instead of doing its work. */
  final Map<String, Integer> failing = new HashMap<>();

  final Map<String, Integer> calls = new HashMap<>();
  int devices = 2;
  long usedBytes;
  private final Map<Long, Long> sizes = new HashMap<>();
  private final Map<Long, Long> contexts = new HashMap<>(); // of streams
  private final ThreadLocal<Long> current = ThreadLocal.withInitial(() -> 0L);
  private long next = 1000;

  @Override
  public Optional<MemorySegment> find(String name) {
    if (missing.contains(name)) {
      return Optional.empty();
    }
    return Arrays.stream(FakeDriver.class.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .map(this::stub);
  }

  private MemorySegment stub(Method method) {
    MemoryLayout[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(t -> t == int.class ? JAVA_INT : t == long.class ? JAVA_LONG : ADDRESS)
            .toArray(MemoryLayout[]::new);
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup().unreflect(method).bindTo(this),
              FunctionDescriptor.of(JAVA_INT, arguments),
              Arena.ofAuto());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private int call(String name) {
    calls.merge(name, 1, Integer::sum);
    return failing.getOrDefault(name, 0);
  }

  /** {@link #call} of a function that needs a thread's context, that of the stream. */
  private int call(String name, long stream) {
    long context = current.get();
    if (context == 0 || contexts.getOrDefault(stream, context) != context) {
      return NO_CONTEXT;
    }
    return call(name);
  }

  private static void set(MemorySegment out, int value) {
    out.reinterpret(4).set(JAVA_INT, 0, value);
  }

  private static void set(MemorySegment out, long value) {
    out.reinterpret(8).set(JAVA_LONG, 0, value);
  }

  public int cuInit(int flags) {
    return call("cuInit");
  }

  public int cuGetErrorName(int status, MemorySegment out) {
    set(out, Arena.global().allocateFrom("CUDA_ERROR_" + status).address());
    return 0;
  }

  public int cuDriverGetVersion(MemorySegment out) {
    set(out, 12080);
    return 0;
  }

  public int cuDeviceGetCount(MemorySegment out) {
    set(out, devices);
    return 0;
  }

  public int cuDeviceGet(MemorySegment out, int index) {
    set(out, 70 + index);
    return 0;
  }

  public int cuDeviceGetName(MemorySegment out, int room, int device) {
    out.reinterpret(room).setString(0, "Fake " + device);
    return 0;
  }

  public int cuDeviceGetAttribute(MemorySegment out, int attribute, int device) {
    set(out, attribute == 75 ? 9 : 0);
    return 0;
  }

  public int cuDeviceTotalMem_v2(MemorySegment out, int device) {
    set(out, (long) DEVICE_BYTES);
    return 0;
  }

  public int cuDevicePrimaryCtxRetain(MemorySegment out, int device) {
    set(out, 500L + device);
    return call("cuDevicePrimaryCtxRetain");
  }

  public int cuCtxSetCurrent(long context) {
    current.set(context);
    return call("cuCtxSetCurrent");
  }

  public int cuCtxSynchronize() {
    return call("cuCtxSynchronize", 0);
  }

  public int cuMemGetInfo_v2(MemorySegment free, MemorySegment total) {
    set(free, DEVICE_BYTES - usedBytes);
    set(total, (long) DEVICE_BYTES);
    return 0;
  }

  public int cuMemPoolCreate(MemorySegment out, MemorySegment properties) {
    set(out, 900L + properties.reinterpret(88).get(JAVA_INT, 12));
    return call("cuMemPoolCreate");
  }

  public int cuMemPoolSetAttribute(long pool, int attribute, MemorySegment value) {
    return call("cuMemPoolSetAttribute");
  }

  public int cuMemPoolTrimTo(long pool, long bytes) {
    return call("cuMemPoolTrimTo");
  }

  public int cuMemAllocFromPoolAsync(MemorySegment out, long bytes, long pool, long stream) {
    if (usedBytes + bytes > DEVICE_BYTES) {
      return 2;
    }
    Arena arena = Arena.ofShared();
    long address = arena.allocate(bytes, 256).address();
    memory.put(address, arena);
    sizes.put(address, bytes);
    usedBytes += bytes;
    set(out, address);
    return call("cuMemAllocFromPoolAsync", stream);
  }

  public int cuMemFreeAsync(long address, long stream) {
    Arena arena = memory.remove(address);
    if (arena == null || !(stream == 1 || streams.contains(stream))) {
      return 1;
    }
    usedBytes -= sizes.remove(address);
    arena.close();
    return call("cuMemFreeAsync", stream);
  }

  public int cuMemHostAlloc(MemorySegment out, long bytes, int flags) {
    set(out, Arena.global().allocate(bytes, 4096).address());
    return call("cuMemHostAlloc", 0);
  }

  private int copy(String name, long to, long from, long bytes, long stream) {
    MemorySegment.copy(
        MemorySegment.ofAddress(from).reinterpret(bytes),
        0,
        MemorySegment.ofAddress(to).reinterpret(bytes),
        0,
        bytes);
    return call(name, stream);
  }

  public int cuMemcpyHtoDAsync_v2(long to, long from, long bytes, long stream) {
    return copy("cuMemcpyHtoDAsync_v2", to, from, bytes, stream);
  }

  public int cuMemcpyDtoHAsync_v2(long to, long from, long bytes, long stream) {
    return copy("cuMemcpyDtoHAsync_v2", to, from, bytes, stream);
  }

  public int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, long stream) {
    return copy("cuMemcpyDtoDAsync_v2", to, from, bytes, stream);
  }

  public int cuMemcpy2DAsync_v2(MemorySegment struct, long stream) {
    MemorySegment copy = struct.reinterpret(128);
    long width = copy.get(JAVA_LONG, 112);
    if (copy.get(JAVA_LONG, 48) < width || copy.get(JAVA_LONG, 104) < width) {
      return 1;
    }
    for (long row = 0; row < copy.get(JAVA_LONG, 120); row++) {
      copy(
          "row",
          copy.get(JAVA_LONG, 88) + row * copy.get(JAVA_LONG, 104),
          copy.get(JAVA_LONG, 32) + row * copy.get(JAVA_LONG, 48),
          width,
          stream);
    }
    return call("cuMemcpy2DAsync_v2", stream);
  }

  public int cuStreamCreate(MemorySegment out, int flags) {
    streams.add(++next);
    contexts.put(next, current.get());
    set(out, next);
    return call("cuStreamCreate", 0);
  }

  public int cuStreamSynchronize(long stream) {
    return call("cuStreamSynchronize", stream);
  }

  public int cuStreamDestroy_v2(long stream) {
    return streams.remove(stream) ? call("cuStreamDestroy_v2", stream) : 1;
  }

  public int cuStreamWaitEvent(long stream, long event, int flags) {
    return call("cuStreamWaitEvent", stream);
  }

  public int cuEventCreate(MemorySegment out, int flags) {
    set(out, ++next);
    return call("cuEventCreate", 0);
  }

  public int cuEventRecord(long event, long stream) {
    return call("cuEventRecord", stream);
  }

  public int cuEventSynchronize(long event) {
    return call("cuEventSynchronize");
  }

  public int cuEventElapsedTime(MemorySegment out, long begin, long end) {
    out.reinterpret(4).set(JAVA_FLOAT, 0, 2.5f);
    return call("cuEventElapsedTime");
  }

  public int cuEventDestroy_v2(long event) {
    return call("cuEventDestroy_v2");
  }

  /** What is in a device's memory. */
  static byte[] bytes(long address, long count) {
    return MemorySegment.ofAddress(address).reinterpret(count).toArray(JAVA_BYTE);
  }
}
