package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoadedPartitionTest {
  /** Fails once. */
  private static final class Failing implements Step {
    private long failures;

    @Override
    public void execute(Execution run) {}

    @Override
    public long check(long before, Consumer<ModelException> told) {
      if (failures == 0) {
        failures = 1;
        told.accept(new ModelException(ModelException.Kind.RUN, "index 7 is out of range"));
      }
      return failures;
    }

    @Override
    public long borderCopyBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Test
  void everyPartitionIsAskedThoughTheFirstHasFailed() {
    List<LoadedPartition> partitions =
        List.of(
            new LoadedPartition("first", new Failing(), List.of()),
            new LoadedPartition("second", new Failing(), List.of()));
    long[] seen = new long[2];
    assertThatThrownBy(() -> LoadedPartition.check(partitions, seen))
        .isInstanceOf(ModelException.class)
        .hasMessage("partition first failed: index 7 is out of range");
    assertThat(seen).containsExactly(1, 1);
    LoadedPartition.check(partitions, seen);
  }
}
