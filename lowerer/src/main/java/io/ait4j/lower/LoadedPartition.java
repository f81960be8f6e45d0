package io.ait4j.lower;

import java.util.List;

/**
 * A partition ready to run.
 *
 * @param lastUses values that nothing reads after it
 */
record LoadedPartition(String name, Step step, List<String> lastUses) implements AutoCloseable {
  LoadedPartition {
    lastUses = List.copyOf(lastUses);
  }

  void execute(Execution run) {
    try {
      step.execute(run);
    } catch (RuntimeException e) {
      throw Execution.failure(name, e);
    }
    lastUses.forEach(run::drop);
  }

  long borderCopyBytes() {
    return step.borderCopyBytes();
  }

  @Override
  public void close() {
    step.close();
  }
}
