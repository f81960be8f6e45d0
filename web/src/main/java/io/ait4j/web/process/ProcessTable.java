package io.ait4j.web.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code /proc} says of sessions: a worker process and all it started are one. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  /** Memory that is each session's own, in bytes. */
  static Map<Long, Long> memoryBySession(Set<Long> sessions) {
    Map<Long, Long> memory = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long session = session(process);
        if (sessions.contains(session)) {
          memory.merge(session, memory(process), Long::sum);
        }
      }
    } catch (IOException e) {
      return Map.of(); // each process has its own limit besides
    }
    return memory;
  }

  /** Memory that is one process's own, in bytes; 0 if it is gone. */
  static long memory(long process) {
    return memory(PROC.resolve(Long.toString(process)));
  }

  private static long session(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      // The command's name stands in parentheses and may hold anything.
      return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ")[3]);
    } catch (IOException | RuntimeException e) {
      return -1;
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
