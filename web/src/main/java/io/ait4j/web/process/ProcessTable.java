package io.ait4j.web.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What {@code /proc} says of sessions: a worker process and all it started are one. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST_LOOKS = 2000;

  /** Compilers start a few for each processor. */
  private static final int MOST_PROCESSES = 1000;

  private ProcessTable() {}

  /** The processes of each of these sessions. */
  static Map<Long, List<Long>> ofSessions(Set<Long> sessions) {
    Map<Long, List<Long>> found = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long session = session(fields(process));
        if (sessions.contains(session)) {
          found
              .computeIfAbsent(session, none -> new ArrayList<>())
              .add(Long.valueOf(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      return Map.of(); // each process has its own limit besides
    }
    return found;
  }

  /** Bytes of files that processes hold open though they have no name any more. */
  static long deletedBytes(List<Long> processes) {
    Map<Object, Long> sizes = new HashMap<>(); // by file, which may be open several times
    for (long process : processes) {
      try (DirectoryStream<Path> open = Files.newDirectoryStream(folder(process).resolve("fd"))) {
        for (Path file : open) {
          deleted(file).ifPresent(state -> sizes.put(state.fileKey(), state.size()));
        }
      } catch (IOException | DirectoryIteratorException e) {
        continue; // it has ended
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Path folder(long process) {
    return PROC.resolve(Long.toString(process));
  }

  private static Optional<BasicFileAttributes> deleted(Path open) {
    try {
      String name = Files.readSymbolicLink(open).toString();
      // Memory of the server's that is open there is the server's.
      return name.endsWith(" (deleted)") && !name.startsWith("/memfd:")
          ? Optional.of(Files.readAttributes(open, BasicFileAttributes.class))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // closed again
    }
  }

  /** Memory that is the processes' own, in bytes; of those that are gone 0. */
  static long memory(List<Long> processes) {
    return processes.size() > MOST_PROCESSES
        ? Long.MAX_VALUE // as good as all memory
        : processes.stream().mapToLong(process -> memory(folder(process))).sum();
  }

  /** Kills all processes of a session, and waits until none runs: a killed one takes a moment. */
  static void end(long session) {
    Kernel.killGroup(session);
    for (int looks = 0; looks < MOST_LOOKS && runs(session); looks++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static boolean runs(long session) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        String[] fields = fields(process);
        // One that has ended stays a zombie until its parent, not always one of ours, asks.
        if (session(fields) == session && !fields[0].equals("Z") && !fields[0].equals("X")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // nothing more can be known
    }
  }

  private static long session(String[] fields) {
    return fields.length > 3 ? Long.parseLong(fields[3]) : -1;
  }

  /** A process's state, parent, group, session and more; none if it is gone. */
  private static String[] fields(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      // The command's name stands in parentheses and may hold anything.
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException | RuntimeException e) {
      return new String[] {""};
    }
  }

  private static long memory(Path process) {
    try {
      long kilobytes = 0;
      for (String line : Files.readAllLines(process.resolve("status"))) {
        for (String field : List.of("RssAnon:", "RssShmem:", "VmSwap:")) {
          if (line.startsWith(field)) {
            kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      }
      return kilobytes << 10;
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
