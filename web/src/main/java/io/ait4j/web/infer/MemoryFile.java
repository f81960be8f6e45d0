package io.ait4j.web.infer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.fx.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file that is memory only (Linux's {@code memfd_create}): it has no name to clean up, is gone
 * with its last user, and is sealed, so that a worker cannot cut it short under the server.
 */
final class MemoryFile implements AutoCloseable {
  private static final int CLOEXEC_AND_SEALS = 1 | 2;
  private static final int ADD_SEALS = 1033;
  private static final int SEAL_SIZE = 1 | 2 | 4;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CREATE =
      handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle ALLOCATE =
      handle("posix_fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CONTROL =
      handle(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final int descriptor;

  /**
   * An empty one.
   *
   * @throws ModelException (IO) if the system has none
   */
  MemoryFile() {
    try (Arena arena = Arena.ofConfined()) {
      descriptor = (int) CREATE.invokeExact(arena.allocateFrom("ait4j"), CLOEXEC_AND_SEALS);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (descriptor < 0) {
      throw refused(0);
    }
  }

  /**
   * Takes the memory at once, so that what there is not enough of is told here, and not as a signal
   * at somebody's first access; and no more changes the size.
   *
   * @throws ModelException (IO) if there is not that much
   */
  void allocate(long bytes) {
    try {
      if ((int) ALLOCATE.invokeExact(descriptor, 0L, bytes) == 0
          && (int) CONTROL.invokeExact(descriptor, ADD_SEALS, SEAL_SIZE) == 0) {
        return;
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    throw refused(bytes);
  }

  private static ModelException refused(long bytes) {
    return new ModelException(
        ModelException.Kind.IO,
        "the system refuses %d MiB of memory to share with a worker; give the server more memory,"
                .formatted(bytes >> 20)
            + " or let it serve fewer models at a time");
  }

  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment function =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(
                () ->
                    new ModelException(
                        ModelException.Kind.IO,
                        "models are served on Linux only: this system has no " + name));
    return LINKER.downcallHandle(function, type, options);
  }

  /** Where processes of the same user open it, unless they are confined. */
  Path path() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
  }

  /** Closes the descriptor; whoever has mapped it keeps the memory. */
  @Override
  public void close() {
    try {
      int ignored = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
