package io.ait4j.web.process;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Linux's Landlock: after it the calling thread, and all that comes of it, reaches only the given
 * files, and signals and traces nothing outside. It holds through {@code execve}, whose caller is
 * the only thread that stays.
 */
final class Landlock {
  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ_DIR = 1 << 3;
  private static final long ALL_OF_FIRST = (1 << 13) - 1;
  private static final long REFER = 1 << 13;
  private static final long TRUNCATE = 1 << 14;
  private static final long IOCTL_DEV = 1 << 15;
  private static final long OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
  private static final long TCP_BIND_AND_CONNECT = 3;
  private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 3;
  private static final int AT_FDCWD = -100;
  private static final int O_PATH_CLOEXEC = 0x200000 | 0x80000;

  /** Java lists open files there before it starts a program; a list holds no secrets. */
  private static final Path PROCESSES = Path.of("/proc");

  private Landlock() {}

  /** The kernel's version of it; less than 1 if there is none. */
  static long version() {
    return Kernel.call(Syscall.LANDLOCK_CREATE_RULESET, 0, 0, 1, 0, 0);
  }

  /** Restricts the calling thread, as far as this kernel can; it may not gain privileges before. */
  static void restrict(Collection<Path> readable, Collection<Path> writable) {
    long version = version();
    if (version < 1) {
      return;
    }
    long handled =
        ALL_OF_FIRST
            | (version >= 2 ? REFER : 0)
            | (version >= 3 ? TRUNCATE : 0)
            | (version >= 5 ? IOCTL_DEV : 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(24, 8);
      attributes.set(JAVA_LONG, 0, handled);
      attributes.set(JAVA_LONG, 8, TCP_BIND_AND_CONNECT);
      attributes.set(JAVA_LONG, 16, ABSTRACT_SOCKETS_AND_SIGNALS);
      long size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
      long rules =
          Kernel.require(Syscall.LANDLOCK_CREATE_RULESET, attributes.address(), size, 0, 0, 0);
      for (Path path : readable) {
        allow(arena, rules, path, EXECUTE | READ_FILE | READ_DIR);
      }
      allow(arena, rules, PROCESSES, READ_DIR);
      for (Path path : writable) {
        allow(arena, rules, path, handled);
      }
      Kernel.require(Syscall.LANDLOCK_RESTRICT_SELF, rules, 0, 0, 0, 0);
      Kernel.require(Syscall.CLOSE, rules, 0, 0, 0, 0);
    }
  }

  private static void allow(Arena arena, long rules, Path path, long rights) {
    long file =
        Kernel.call(
            Syscall.OPENAT, AT_FDCWD, Kernel.text(arena, path.toString()), O_PATH_CLOEXEC, 0, 0);
    if (file < 0) {
      return; // what is not there needs no right
    }
    MemorySegment rule = arena.allocate(12, 8);
    rule.set(JAVA_LONG_UNALIGNED, 0, Files.isDirectory(path) ? rights : rights & OF_FILES);
    rule.set(JAVA_INT_UNALIGNED, 8, (int) file);
    Kernel.require(Syscall.LANDLOCK_ADD_RULE, rules, 1, rule.address(), 0, 0);
    Kernel.require(Syscall.CLOSE, file, 0, 0, 0, 0);
  }
}
