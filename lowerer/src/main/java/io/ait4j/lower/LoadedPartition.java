package io.ait4j.lower;

import io.ait4j.compiler.KernelProfile;
import io.ait4j.fx.ModelException;
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

  /**
   * {@link Step#check} of every partition, so that nothing is left for a later run to be told.
   *
   * @param before failures of each, replaced by those that are told now
   * @throws ModelException the first partition's that failed, with its name
   */
  static void check(List<LoadedPartition> partitions, long[] before) {
    List<ModelException> failures = new ArrayList<>();
    for (int i = 0; i < before.length; i++) {
      LoadedPartition partition = partitions.get(i);
      before[i] =
          partition.step.check(
              before[i], why -> failures.add(Execution.failure(partition.name, why)));
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
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
