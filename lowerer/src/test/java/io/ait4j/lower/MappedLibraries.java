package io.ait4j.lower;

import io.ait4j.lower.cli.CommandLineTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs a command, then prints what the process has mapped. */
final class MappedLibraries {
  private MappedLibraries() {}

  public static void main(String[] args) throws IOException {
    int exit = CommandLineTool.run(args);
    Files.readAllLines(Path.of("/proc/self/maps")).forEach(System.out::println);
    System.exit(exit);
  }
}
