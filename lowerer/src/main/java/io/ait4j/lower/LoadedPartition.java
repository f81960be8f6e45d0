package io.ait4j.lower;

import io.ait4j.compiler.KernelProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
    execute(run, step::execute);
  }

  /** {@link #execute} that says what each kernel took. */
  List<KernelProfile> profile(Execution run) {
    List<KernelProfile> kernels = new ArrayList<>();
    execute(run, values -> kernels.addAll(step.profile(values)));
    return kernels;
  }

  private void execute(Execution run, Consumer<Execution> way) {
    try {
      way.accept(run);
    } catch (RuntimeException e) {
      throw Execution.failure(name, e);
    }
    lastUses.forEach(run::drop);
  }

  /** {@link Step#check}, told with the partition's name. */
  void check(long before) {
    try {
      step.check(before);
    } catch (RuntimeException e) {
      throw Execution.failure(name, e);
    }
  }

  long borderCopyBytes() {
    return step.borderCopyBytes();
  }

  @Override
  public void close() {
    step.close();
  }
}
