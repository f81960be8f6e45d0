package io.ait4j.fx;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C heap: an arena would fill with zeros what is overwritten at once, and could not be closed
 * by whichever thread reads a tensor last.
 */
public final class NativeHeap {
  private static final long ALIGNMENT = 64;
  private static final MethodHandle ALIGNED_ALLOC =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("aligned_alloc"),
              FunctionDescriptor.of(
                  ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("free"),
              FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private NativeHeap() {}

  /**
   * Memory of undefined content, at least one byte, aligned to 64.
   *
   * @throws ModelException (RUN) if there is not enough
   */
  public static MemorySegment allocate(long bytes) {
    long readable = Math.max(1, bytes);
    long rounded = Math.ceilDiv(readable, ALIGNMENT) * ALIGNMENT; // as aligned_alloc wants it
    try {
      MemorySegment memory = (MemorySegment) ALIGNED_ALLOC.invokeExact(ALIGNMENT, rounded);
      if (memory.address() == 0) {
        throw new ModelException(
            ModelException.Kind.RUN, "no memory for a tensor of " + bytes + " bytes");
      }
      return memory.reinterpret(readable);
    } catch (ModelException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Gives memory back, from any thread.
   *
   * @param memory what {@link #allocate} returned
   */
  public static void free(MemorySegment memory) {
    try {
      FREE.invokeExact(memory);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
