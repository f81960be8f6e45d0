package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyRulesTest {
  private static Arg format(RandomTensors t) {
    String[] formats = {
      "contiguous_format", "preserve_format", "channels_last", "channels_last_3d"
    };
    return t.random.nextInt(3) == 0
        ? Arg.NONE
        : new Arg.MemoryFormat(formats[t.random.nextInt(formats.length)]);
  }

  @Test
  void cloned() {
    RuleChecks.compare(
        "clone", 500, t -> List.of(t.tensor(t.anyType(), t.shape(t.random.nextInt(6))), format(t)));
  }

  @Test
  void cast() {
    RuleChecks.compare(
        "_to_copy",
        500,
        t ->
            List.of(
                t.tensor(t.anyType(), t.shape(t.random.nextInt(6))),
                t.random.nextBoolean() ? Arg.NONE : new Arg.Type(t.anyType()),
                Arg.NONE,
                Arg.NONE,
                Arg.NONE,
                new Arg.Bool(false),
                format(t)));
  }

  @Test
  void flipped() {
    RuleChecks.compare(
        "flip",
        200,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(t.anyType(), t.shape(rank)), Arg.ints(t.random.nextInt(-rank, rank)));
        });
  }

  @Test
  void concatenated() {
    RuleChecks.compare(
        "cat",
        600,
        t -> {
          int rank = 1 + t.random.nextInt(5);
          long[] shape = t.shape(rank);
          int axis = t.random.nextInt(rank);
          boolean oneType = t.random.nextBoolean();
          List<Arg> parts = new ArrayList<>();
          for (int i = 0; i < 1 + t.random.nextInt(3); i++) {
            long[] own = shape.clone();
            own[axis] = t.size();
            parts.add(t.tensor(oneType ? DType.FLOAT32 : t.anyType(), own));
          }
          if (t.random.nextInt(6) == 0) {
            parts.add(t.random.nextInt(parts.size() + 1), t.contiguous(DType.FLOAT32, 0));
          }
          return List.of(
              new Arg.Sequence(parts), new Arg.Int(t.random.nextBoolean() ? axis : axis - rank));
        });
  }

  @Test
  void padded() {
    RuleChecks.compare(
        "constant_pad_nd",
        500,
        t -> {
          int rank = 1 + t.random.nextInt(5);
          long[] pad = new long[2 * (1 + t.random.nextInt(rank))];
          int most = t.random.nextInt(3);
          for (int i = 0; i < pad.length; i++) {
            pad[i] = t.random.nextInt(3) - 2 + most;
          }
          return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), Arg.ints(pad), new Arg.Float(0.5));
        });
  }
}
