package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.RandomTensors;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstructorRulesTest {
  private static Arg number(RandomTensors t, int from, int to) {
    int n = t.random.nextInt(from, to);
    return t.random.nextInt(3) == 0 ? new Arg.Float(n + 0.25) : new Arg.Int(n);
  }

  private static Arg dtype(RandomTensors t) {
    return t.random.nextBoolean() ? Arg.NONE : new Arg.Type(t.floating());
  }

  @Test
  void full() {
    RuleChecks.compare(
        "full",
        200,
        t -> {
          Arg value = t.random.nextInt(4) == 0 ? new Arg.Bool(true) : number(t, -3, 3);
          return List.of(Arg.ints(t.shape(t.random.nextInt(4))), value, dtype(t));
        });
  }

  @Test
  void range() {
    RuleChecks.compare(
        "arange.start_step",
        500,
        t -> {
          boolean down = t.random.nextBoolean();
          return List.of(
              number(t, -9, 9), number(t, -9, 9), number(t, down ? -4 : 1, down ? 0 : 4), dtype(t));
        });
  }
}
