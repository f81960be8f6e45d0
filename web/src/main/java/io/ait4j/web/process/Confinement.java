package io.ait4j.web.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process gives up for good before it holds what others uploaded.
 *
 * @param memoryBytes of memory that is each process's own
 * @param fileBytes of any one file
 * @param localSockets whether it may open sockets of this machine, as NVIDIA's driver does
 */
record Confinement(
    long memoryBytes,
    long fileBytes,
    boolean localSockets,
    List<Path> readable,
    List<Path> writable,
    List<Path> open) {
  private static final int RLIMIT_FSIZE = 1;
  private static final int RLIMIT_DATA = 2;
  private static final int RLIMIT_CORE = 4;
  private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int AT_FDCWD = -100;
  private static final int O_RDWR = 2;
  private static final int O_PATH = 0x200000;

  /** More than are open by themselves, jars for the most part. */
  private static final int FIRST_OPEN = 900;

  /** As arguments of a program, {@link #parse} reads them. */
  List<String> arguments() {
    List<String> texts = new ArrayList<>();
    texts.add(Long.toString(memoryBytes));
    texts.add(Long.toString(fileBytes));
    texts.add(Boolean.toString(localSockets));
    texts.add(Integer.toString(readable.size()));
    texts.add(Integer.toString(writable.size()));
    texts.add(Integer.toString(open.size()));
    readable.forEach(path -> texts.add(path.toString()));
    writable.forEach(path -> texts.add(path.toString()));
    open.forEach(path -> texts.add(path.toString()));
    return texts;
  }

  /** How many arguments it takes. */
  int length() {
    return 6 + readable.size() + writable.size() + open.size();
  }

  static Confinement parse(List<String> texts) {
    int readable = Integer.parseInt(texts.get(3));
    int writable = Integer.parseInt(texts.get(4));
    int open = Integer.parseInt(texts.get(5));
    List<Path> paths =
        texts.subList(6, 6 + readable + writable + open).stream().map(Path::of).toList();
    return new Confinement(
        Long.parseLong(texts.get(0)),
        Long.parseLong(texts.get(1)),
        Boolean.parseBoolean(texts.get(2)),
        paths.subList(0, readable),
        paths.subList(readable, readable + writable),
        paths.subList(readable + writable, paths.size()));
  }

  /**
   * Confines the calling thread, and what it becomes by {@code execve}: a session of its own, so
   * that all it starts can be found and killed, limits, files, system calls, no powers of root.
   */
  void enter() {
    openFiles();
    Kernel.require(Syscall.SETSID, 0, 0, 0, 0, 0);
    try { // where memory runs out, the kernel takes a worker rather than the server
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException e) {
      System.err.println("the kernel may not prefer this process when memory runs out: " + e);
    }
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, fileBytes);
    limit(RLIMIT_DATA, memoryBytes);
    Kernel.require(Syscall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    keepOwnProcess();
    Landlock.restrict(readable, writable);
    new SyscallFilter().denyForeign(localSockets).install();
    dropCapabilities();
  }

  /** Where a program that is confined so finds an open file. */
  static Path opened(int i) {
    return Path.of("/proc/self/fd/" + (FIRST_OPEN + i));
  }

  /** For what comes of this by {@code execve}: such files it could not open any more. */
  private void openFiles() {
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < open.size(); i++) {
        long name = Kernel.text(arena, open.get(i).toString());
        long file = Kernel.require(Syscall.OPENAT, AT_FDCWD, name, O_RDWR, 0, 0);
        Kernel.require(Syscall.DUP3, file, FIRST_OPEN + i, 0, 0, 0);
        Kernel.require(Syscall.CLOSE, file, 0, 0, 0, 0);
      }
    }
  }

  /**
   * What Landlock allows is a folder that the kernel makes anew whenever it forgot it, and then as
   * another one; it forgets none that is open, nor what that is in.
   */
  private static void keepOwnProcess() {
    try (Arena arena = Arena.ofConfined()) {
      long name = Kernel.text(arena, SystemFiles.OWN_THREADS);
      Kernel.require(Syscall.OPENAT, AT_FDCWD, name, O_PATH, 0, 0);
    }
  }

  /** Root's powers would open what Landlock closes, /proc of other processes for one. */
  private static void dropCapabilities() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header =
          arena.allocateFrom(ValueLayout.JAVA_INT, LINUX_CAPABILITY_VERSION_3, 0);
      MemorySegment none = arena.allocate(24, 8);
      Kernel.require(Syscall.CAPSET, header.address(), none.address(), 0, 0, 0);
    }
  }

  private static void limit(int what, long most) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocateFrom(ValueLayout.JAVA_LONG, most, most);
      Kernel.require(Syscall.PRLIMIT64, 0, what, limits.address(), 0, 0);
    }
  }
}
