package io.ait4j.web.process;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The first program of a worker process: confines itself and becomes the second, a Java process
 * again. Two, because Landlock binds the thread that asks for it, and only {@code execve} makes
 * that thread the whole process.
 */
public final class ConfinedStart {
  private ConfinedStart() {}

  /** Takes a {@link Confinement} and the command to become. */
  public static void main(String[] arguments) {
    List<String> all = Arrays.asList(arguments);
    Confinement confinement = Confinement.parse(all);
    List<String> command = all.subList(confinement.length(), all.size());
    List<String> environment =
        System.getenv().entrySet().stream().map(ConfinedStart::assignment).toList();
    try (Arena arena = Arena.ofConfined()) {
      long program = Kernel.text(arena, command.getFirst());
      long words = Kernel.texts(arena, command, command.size());
      long variables = Kernel.texts(arena, environment, environment.size());
      confinement.enter();
      Kernel.require(Syscall.EXECVE, program, words, variables, 0, 0);
    }
  }

  private static String assignment(Map.Entry<String, String> variable) {
    return variable.getKey() + "=" + variable.getValue();
  }
}
