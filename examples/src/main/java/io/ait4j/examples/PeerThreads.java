package io.ait4j.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives libtorch a fair start: its OpenMP and its OpenBLAS keep thread pools of their own, each
 * sized by an environment variable that is read when the library is loaded.
 */
final class PeerThreads {
  private PeerThreads() {}

  /**
   * Call before libtorch is loaded. Waiting is passive because OpenMP's idle threads would
   * otherwise spin on the cores that OpenBLAS's threads need: on two cores that makes a transformer
   * forty times slower.
   */
  static void limit(int threads) {
    setenv("OMP_NUM_THREADS", Integer.toString(threads));
    setenv("OPENBLAS_NUM_THREADS", Integer.toString(threads));
    setenv("OMP_WAIT_POLICY", "PASSIVE");
  }

  private static void setenv(String name, String value) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocateFrom(name);
      int failed = (int) setenv.invokeExact(key, arena.allocateFrom(value), 1);
      if (failed != 0) {
        throw new IllegalStateException("setenv " + name);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
