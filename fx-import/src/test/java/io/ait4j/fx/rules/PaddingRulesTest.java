package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingRulesTest {
  @Test
  void paddedByTheOtherEnd() {
    RuleChecks.compare(
        "pad",
        150,
        t -> {
          int spatial = 1 + t.random.nextInt(3);
          long[] shape = t.shape(spatial + 2);
          for (int i = 1; i <= spatial; i++) {
            shape[shape.length - i] = 3 + t.random.nextInt(4);
          }
          long[] pad = new long[2 * spatial];
          Arrays.setAll(pad, i -> t.random.nextInt(4) - 1);
          return List.of(t.tensor(t.floating(), shape), Arg.ints(pad), new Arg.Str("circular"));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "reflection_pad1d,1", "reflection_pad2d,2", "reflection_pad3d,3",
    "replication_pad1d,1", "replication_pad2d,2", "replication_pad3d,3"
  })
  void padded(String name, int spatial) {
    RuleChecks.compare(
        name,
        250,
        t -> {
          long[] shape = t.shape(spatial + 1 + t.random.nextInt(2));
          for (int i = 1; i <= spatial; i++) {
            shape[shape.length - i] = 2 + t.random.nextInt(5);
          }
          long[] pad = new long[2 * spatial];
          Arrays.setAll(pad, i -> t.random.nextInt(4) - 1);
          return List.of(t.tensor(t.floating(), shape), Arg.ints(pad));
        });
  }
}
