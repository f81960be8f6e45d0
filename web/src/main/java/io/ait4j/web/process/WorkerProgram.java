package io.ait4j.web.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a worker process is to do, and what it may reach. It always may read the system's libraries,
 * compilers and the class path, and write to its folder; it never opens a network connection.
 *
 * @param arguments for {@link Worker#run}: of the server's own making, as others can read them
 * @param folder an existing folder; {@code tmp} in it is for temporary files
 * @param readable more files and folders that it may read
 * @param writable more files and folders that it may write
 * @param open files that are open in the worker, for reading and writing, as {@link #opened} says;
 *     they may be of no folder, such as memory that the server shares with it
 * @param startsPrograms whether it may start programs, a C++ compiler for example
 * @param heapBytes at most, of the memory that its limits give it
 */
public record WorkerProgram(
    Class<? extends Worker> worker,
    List<String> arguments,
    Path folder,
    Set<Path> readable,
    Set<Path> writable,
    List<Path> open,
    boolean startsPrograms,
    long heapBytes) {
  public WorkerProgram {
    Objects.requireNonNull(worker);
    arguments = List.copyOf(arguments);
    folder = folder.toAbsolutePath();
    readable = Set.copyOf(readable);
    writable = Set.copyOf(writable);
    open = List.copyOf(open);
  }

  /** A program that has no open files. */
  public WorkerProgram(
      Class<? extends Worker> worker,
      List<String> arguments,
      Path folder,
      Set<Path> readable,
      Set<Path> writable,
      boolean startsPrograms,
      long heapBytes) {
    this(worker, arguments, folder, readable, writable, List.of(), startsPrograms, heapBytes);
  }

  /** Where the worker finds an open file. */
  public static Path opened(int i) {
    return Confinement.opened(i);
  }
}
