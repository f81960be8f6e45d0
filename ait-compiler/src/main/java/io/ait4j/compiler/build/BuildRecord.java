package io.ait4j.compiler.build;

import java.util.List;

/**
 * What a library was made by, and what it needs of a machine.
 *
 * @param key tells its sources, its compiler and the flags from others
 * @param compiler with its version
 * @param instructions that the processor must have, as Linux names them
 * @param glibc newest version of GLIBC's symbols that it asks for; empty if none
 */
public record BuildRecord(String key, String compiler, List<String> instructions, String glibc) {
  public BuildRecord {
    instructions = List.copyOf(instructions);
  }
}
