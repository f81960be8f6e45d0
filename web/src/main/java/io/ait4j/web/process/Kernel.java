package io.ait4j.web.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls of Linux by number: one function that all of them go through. */
final class Kernel {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final int SIGKILL = 9;

  private Kernel() {}

  /** The result, or minus the number of the error. */
  static long call(Syscall call, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      long result = (long) SYSCALL.invokeExact(state, (long) call.number(), a, b, c, d, e);
      return result == -1 ? -state.get(JAVA_INT, 0) : result;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** As {@link #call}, of which nothing but success will do. */
  static long require(Syscall call, long a, long b, long c, long d, long e) {
    long result = call(call, a, b, c, d, e);
    if (result < 0) {
      throw new IllegalStateException("system call " + call + " failed with error " + -result);
    }
    return result;
  }

  /** Kills all processes of a group, if there are any. */
  static void killGroup(long group) {
    call(Syscall.KILL, -group, SIGKILL, 0, 0, 0);
  }

  /** Text for a system call. */
  static long text(Arena arena, String text) {
    return arena.allocateFrom(text).address();
  }

  /** Texts and a null after them. */
  static long texts(Arena arena, Iterable<String> texts, int count) {
    MemorySegment all = arena.allocate(ADDRESS, count + 1L);
    int i = 0;
    for (String text : texts) {
      all.setAtIndex(ADDRESS, i++, arena.allocateFrom(text));
    }
    return all.address();
  }
}
