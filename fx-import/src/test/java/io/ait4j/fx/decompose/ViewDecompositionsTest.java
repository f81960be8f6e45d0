package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;
import static io.ait4j.fx.decompose.DecompositionChecks.compare;
import static io.ait4j.fx.decompose.DecompositionChecks.comparePartly;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.RandomTensors;
import io.ait4j.fx.TorchOracle;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewDecompositionsTest {
  private static int axis(RandomTensors t, int rank) {
    return t.random.nextInt(-Math.max(1, rank), Math.max(1, rank));
  }

  private static List<Arg> withAxis(RandomTensors t, int least) {
    int rank = least + t.random.nextInt(5 - least);
    return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), of(axis(t, rank)));
  }

  @Test
  void reshapes() {
    for (String name : List.of("reshape", "_unsafe_view", "view")) {
      compare(
          name,
          200,
          t -> {
            long[] shape = t.shape(t.random.nextInt(4));
            long numel = 1;
            for (long size : shape) {
              numel *= size;
            }
            Arg wanted =
                switch (t.random.nextInt(4)) {
                  case 0 -> Arg.ints(-1);
                  case 1 -> Arg.ints(numel, 1);
                  case 2 -> numel % 2 == 0 ? Arg.ints(2, -1) : Arg.ints(1, -1, 1);
                  default -> Arg.ints(shape);
                };
            Arg x =
                name.equals("reshape")
                    ? t.tensor(DType.FLOAT32, shape)
                    : t.contiguous(DType.FLOAT32, shape);
            return List.of(x, wanted);
          });
    }
    compare(
        "flatten.using_ints",
        100,
        t -> {
          int rank = t.random.nextInt(5);
          int from = rank == 0 ? 0 : t.random.nextInt(rank);
          int to = rank == 0 ? -1 : t.random.nextInt(from, rank);
          return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), of(from), of(to));
        });
    compare(
        "unflatten.int",
        60,
        t -> List.of(t.tensor(DType.FLOAT32, 3, 6, 4), of(-2), Arg.ints(2, -1)));
    compare(
        "view_as",
        30,
        t -> List.of(t.contiguous(DType.FLOAT32, 3, 4), t.contiguous(DType.FLOAT32, 2, 6)));
    for (String name : List.of("ravel", "squeeze", "atleast_1d", "atleast_2d", "atleast_3d")) {
      compare(name, 80, t -> List.of(t.tensor(DType.FLOAT32, t.shape(t.random.nextInt(5)))));
    }
    compare("squeeze.dim", 80, t -> withAxis(t, 0));
  }

  @Test
  void broadcasts() {
    for (String name : List.of("expand_as", "broadcast_to", "expand")) {
      compare(
          name,
          100,
          t -> {
            long[] shape = t.shape(t.random.nextInt(5));
            Arg x = t.tensor(DType.FLOAT32, t.broadcastable(shape));
            return List.of(
                x, name.equals("expand_as") ? t.tensor(DType.INT32, shape) : Arg.ints(shape));
          });
    }
    compare(
        "broadcast_tensors",
        60,
        t -> {
          long[] shape = t.shape(t.random.nextInt(4));
          return List.of(
              new Arg.Sequence(
                  List.of(
                      t.tensor(DType.FLOAT32, t.broadcastable(shape)),
                      t.tensor(DType.FLOAT32, t.broadcastable(shape)))));
        });
  }

  @Test
  void transpositions() {
    for (String name : List.of("transpose.int", "swapaxes")) {
      compare(
          name,
          80,
          t -> {
            int rank = t.random.nextInt(5);
            return List.of(
                t.tensor(DType.FLOAT32, t.shape(rank)), of(axis(t, rank)), of(axis(t, rank)));
          });
    }
    compare("t", 30, t -> List.of(t.tensor(DType.FLOAT32, t.shape(t.random.nextInt(3)))));
    compare("numpy_T", 30, t -> List.of(t.tensor(DType.FLOAT32, t.shape(t.random.nextInt(5)))));
    compare("mT", 30, t -> List.of(t.tensor(DType.FLOAT32, t.shape(2 + t.random.nextInt(3)))));
    compare(
        "movedim.int",
        80,
        t -> {
          int rank = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)), of(axis(t, rank)), of(axis(t, rank)));
        });
    compare(
        "movedim.intlist",
        30,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, t.shape(4)),
                Arg.ints(0, -1),
                t.random.nextBoolean() ? Arg.ints(2, 0) : Arg.ints(3, 1)));
  }

  @Test
  void shuffles() {
    compare("pixel_shuffle", 30, t -> List.of(t.tensor(DType.FLOAT32, 2, 8, 3, 5), of(2)));
    compare("pixel_shuffle", 30, t -> List.of(t.tensor(DType.FLOAT32, 9, 3, 5), of(3)));
    compare("pixel_unshuffle", 30, t -> List.of(t.tensor(DType.FLOAT32, 2, 3, 4, 6), of(2)));
    compare("channel_shuffle", 30, t -> List.of(t.tensor(DType.FLOAT32, 2, 6, 3, 5), of(3)));
  }

  @Test
  void slices() {
    compare(
        "slice.Tensor",
        200,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(axis(t, rank)),
              t.random.nextInt(4) == 0 ? Arg.NONE : of(t.random.nextInt(-9, 9)),
              t.random.nextInt(4) == 0 ? Arg.NONE : of(t.random.nextInt(-9, 9)),
              of(1 + t.random.nextInt(2)));
        });
    compare(
        "select.int",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(axis(t, rank)),
              of(t.random.nextInt(-1, 1)));
        });
    compare(
        "diagonal",
        100,
        t -> {
          int rank = 2 + t.random.nextInt(3);
          int first = t.random.nextInt(rank);
          int second = (first + 1 + t.random.nextInt(rank - 1)) % rank;
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(t.random.nextInt(-4, 5)),
              of(first),
              of(second - rank));
        });
    compare(
        "narrow",
        60,
        t -> List.of(t.tensor(DType.FLOAT32, 4, 5), of(-1), of(t.random.nextInt(-3, 3)), of(2)));
  }

  @Test
  void splits() {
    compare(
        "split.Tensor",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(1 + t.random.nextInt(4)),
              of(axis(t, rank)));
        });
    compare(
        "split_with_sizes",
        30,
        t -> List.of(t.tensor(DType.FLOAT32, 2, 7), Arg.ints(3, 0, 4), of(1)));
    for (String name : List.of("chunk", "tensor_split.sections")) {
      compare(
          name,
          100,
          t -> {
            int rank = 1 + t.random.nextInt(3);
            return List.of(
                t.tensor(DType.FLOAT32, t.shape(rank)),
                of(1 + t.random.nextInt(4)),
                of(axis(t, rank)));
          });
    }
    compare("unbind.int", 80, t -> withAxis(t, 1));
    compare(
        "tensor_split.indices",
        30,
        t -> List.of(t.tensor(DType.FLOAT32, 3, 7), Arg.ints(2, 5), of(-1)));
    compare("hsplit.int", 20, t -> List.of(t.tensor(DType.FLOAT32, 3, 6), of(3)));
    compare("vsplit.array", 20, t -> List.of(t.tensor(DType.FLOAT32, 5, 6), Arg.ints(1, 3)));
  }

  @Test
  void differences() {
    compare(
        "diff",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          DType dtype = t.random.nextInt(3) == 0 ? DType.BOOL : DType.INT64;
          return List.of(
              t.tensor(dtype, t.shape(rank)), of(1 + t.random.nextInt(2)), of(axis(t, rank)));
        });
    compare(
        "diff",
        30,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, 4),
                of(1),
                of(-1),
                t.tensor(DType.FLOAT32, 3, 1),
                t.tensor(DType.FLOAT32, 3, 2)));
  }

  @Test
  void flips() {
    compare("fliplr", 20, t -> List.of(t.tensor(DType.FLOAT32, t.shape(3))));
    compare("flipud", 20, t -> List.of(t.tensor(DType.FLOAT32, t.shape(2))));
  }

  @Test
  void windows() {
    compare(
        "unfold",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(axis(t, rank)),
              of(1 + t.random.nextInt(3)),
              of(1 + t.random.nextInt(3)));
        });
  }

  @Test
  void writesToParts() {
    comparePartly(
        "slice_scatter",
        150,
        t -> {
          long[] shape = t.shape(1 + t.random.nextInt(3));
          int axis = t.random.nextInt(shape.length);
          int start = t.random.nextInt(-4, 4);
          int end = t.random.nextInt(-4, 8);
          long step = t.random.nextInt(4) == 0 ? 2 : 1;
          long from = Math.clamp(start < 0 ? start + shape[axis] : start, 0, shape[axis]);
          long to = Math.clamp(end < 0 ? end + shape[axis] : end, from, shape[axis]);
          long[] part = shape.clone();
          part[axis] = Math.ceilDiv(to - from, step);
          return List.of(
              t.tensor(DType.FLOAT32, shape),
              t.tensor(DType.FLOAT32, part),
              of(axis - shape.length),
              of(start),
              of(end),
              of(step));
        });
    compare(
        "select_scatter",
        60,
        t -> {
          long n = 1 + t.random.nextInt(4);
          return List.of(
              t.tensor(DType.FLOAT32, 3, n, 2),
              t.tensor(DType.FLOAT32, 3, 2),
              of(1),
              of(t.random.nextInt((int) -n, (int) n)));
        });
    compare(
        "copy",
        40,
        t -> {
          long[] shape = t.shape(3);
          return List.of(
              t.tensor(t.anyType(), shape), t.tensor(t.anyType(), t.broadcastable(shape)));
        });
  }

  @Test
  void rolls() {
    compare(
        "roll",
        100,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return t.random.nextInt(4) == 0
              ? List.of(t.tensor(DType.FLOAT32, t.shape(rank)), Arg.ints(t.random.nextInt(-9, 9)))
              : List.of(
                  t.tensor(DType.FLOAT32, t.shape(rank)),
                  Arg.ints(t.random.nextInt(-9, 9), 1),
                  Arg.ints(axis(t, rank), 0));
        });
  }

  private static Arg several(RandomTensors t, long[] shape, int count) {
    List<Arg> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(t.tensor(DType.FLOAT32, shape));
    }
    return new Arg.Sequence(parts);
  }

  @Test
  void joins() {
    compare(
        "stack",
        80,
        t -> {
          int rank = t.random.nextInt(4);
          return List.of(
              several(t, t.shape(rank), 1 + t.random.nextInt(3)),
              of(t.random.nextInt(-rank - 1, rank + 1)));
        });
    for (String name : List.of("hstack", "vstack", "dstack", "column_stack")) {
      compare(name, 60, t -> List.of(several(t, t.shape(t.random.nextInt(4)), 2)));
    }
    compare(
        "concat",
        40,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(several(t, t.shape(rank), 1 + t.random.nextInt(3)), of(axis(t, rank)));
        });
  }

  @Test
  void pads() {
    compare(
        "pad",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4),
                Arg.ints(t.random.nextInt(3), t.random.nextInt(-1, 3)),
                new Arg.Str("constant"),
                t.random.nextBoolean() ? Arg.NONE : new Arg.Float(1.5)));
    compare(
        "pad",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4, 5),
                Arg.ints(t.random.nextInt(3), t.random.nextInt(3), t.random.nextInt(3), 1),
                new Arg.Str("circular")));
    comparePartly(
        "pad",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 2, 3, 4, 5),
                Arg.ints(1, 2, 2, 1),
                new Arg.Str(t.random.nextBoolean() ? "reflect" : "replicate")));
  }

  @Test
  void repeats() {
    for (String name : List.of("repeat", "tile")) {
      compare(
          name,
          100,
          t -> {
            int rank = t.random.nextInt(4);
            long[] times = new long[Math.max(rank + t.random.nextInt(2), 1)];
            for (int i = 0; i < times.length; i++) {
              times[i] = t.random.nextInt(4);
            }
            return List.of(t.tensor(DType.FLOAT32, t.shape(rank)), Arg.ints(times));
          });
    }
    compare(
        "repeat_interleave.self_int",
        80,
        t -> {
          int rank = 1 + t.random.nextInt(3);
          return List.of(
              t.tensor(DType.FLOAT32, t.shape(rank)),
              of(1 + t.random.nextInt(3)),
              t.random.nextInt(4) == 0 ? Arg.NONE : of(axis(t, rank)));
        });
    compare(
        "meshgrid.indexing",
        40,
        t ->
            List.of(
                new Arg.Sequence(
                    List.of(
                        t.tensor(DType.FLOAT32, t.size()),
                        t.tensor(DType.FLOAT32, t.size()),
                        t.tensor(DType.FLOAT32, t.size()))),
                new Arg.Str(t.random.nextBoolean() ? "ij" : "xy")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"take_along_dim", "take"})
  void indices(String name) {
    compare(
        name,
        60,
        t ->
            name.equals("take")
                ? List.of(
                    t.tensor(DType.FLOAT32, 3, 4),
                    t.indices(DType.INT64, 12, t.shape(t.random.nextInt(3))))
                : t.random.nextInt(3) == 0
                    ? List.of(t.tensor(DType.FLOAT32, 3, 4), t.indices(DType.INT64, 12, 5))
                    : List.of(
                        t.tensor(DType.FLOAT32, 3, 4),
                        t.indices(DType.INT64, 4, t.random.nextBoolean() ? 3 : 1, 6),
                        of(1)));
  }

  @Test
  void writesAndRepeats() {
    compare(
        "put",
        60,
        t -> {
          long[] places = t.shape(1 + t.random.nextInt(2));
          return List.of(
              t.tensor(DType.FLOAT32, 3, 4),
              t.indices(DType.INT64, 12, places),
              t.tensor(DType.FLOAT32, places),
              new Arg.Bool(true));
        });
    compare(
        "renorm",
        60,
        t -> {
          int rank = 2 + t.random.nextInt(2);
          return List.of(
              t.tensor(t.random.nextBoolean() ? DType.FLOAT32 : DType.FLOAT64, t.shape(rank)),
              new Arg.Float(1 + t.random.nextInt(2)),
              of(axis(t, rank)),
              new Arg.Float(0.5));
        });
    compare(
        "repeat_interleave.self_Tensor",
        40,
        t ->
            List.of(
                t.tensor(DType.FLOAT32, 3, 4),
                t.indices(DType.INT64, 1, 4), // zeros
                of(1),
                of(0)));
  }

  @Test
  void bags() {
    for (long mode = 0; mode < 3; mode++) {
      long of = mode;
      comparePartly(
          "embedding_bag.padding_idx",
          60,
          t ->
              List.of(
                  t.tensor(DType.FLOAT32, 7, 5),
                  t.indices(DType.INT64, 7, 9),
                  t.indices(DType.INT64, 1, 3), // all in the last bag
                  new Arg.Bool(false),
                  of(of),
                  new Arg.Bool(false),
                  of == 0 && t.random.nextBoolean() ? t.tensor(DType.FLOAT32, 9) : Arg.NONE,
                  new Arg.Bool(false),
                  t.random.nextBoolean() ? of(t.random.nextInt(7)) : Arg.NONE));
      comparePartly(
          "_embedding_bag_forward_only",
          20,
          t ->
              List.of(
                  t.tensor(DType.FLOAT32, 7, 5),
                  t.indices(DType.INT64, 7, 9),
                  t.indices(DType.INT64, 1, 3),
                  new Arg.Bool(false),
                  of(of),
                  new Arg.Bool(false),
                  Arg.NONE,
                  new Arg.Bool(false),
                  of(t.random.nextInt(-1, 7))));
    }
  }

  /** Bags whose rows hold NaN, some of them empty, and indices behind the end of the last. */
  @Test
  void bagsOfAnything() {
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16)) {
      for (long mode = 0; mode < 3; mode++) {
        long of = mode;
        for (boolean padded : new boolean[] {false, true}) {
          comparePartly(
              padded ? "embedding_bag.padding_idx" : "embedding_bag",
              12,
              t -> {
                boolean last = t.random.nextBoolean();
                List<Arg> args =
                    new ArrayList<>(
                        List.of(
                            t.add(withNan(t, dtype)),
                            t.indices(DType.INT64, 7, 12),
                            t.add(offsets(t)),
                            new Arg.Bool(false),
                            of(of),
                            new Arg.Bool(false),
                            of == 0 && t.random.nextBoolean() ? t.tensor(dtype, 12) : Arg.NONE,
                            new Arg.Bool(last)));
                if (padded) {
                  args.add(of(t.random.nextInt(7)));
                }
                return args;
              });
        }
      }
    }
  }

  private static Tensor withNan(RandomTensors t, DType dtype) {
    Tensor table = torch.randn(7, 3);
    Tensor holes = torch.rand(7, 3).gt(new Scalar(0.8));
    return table.masked_fill(holes, new Scalar(Double.NaN)).to(TorchOracle.scalarType(dtype));
  }

  /** From 0, ascending, some equal, the last one not always the end. */
  private static Tensor offsets(RandomTensors t) {
    long[] places = new long[5];
    for (int i = 1; i < places.length; i++) {
      places[i] = Math.min(12, places[i - 1] + t.random.nextInt(5));
    }
    return torch.tensor(places);
  }

  @Test
  void constructors() {
    Arg none = Arg.NONE;
    compare(
        "zeros",
        20,
        t ->
            List.of(
                Arg.ints(t.shape(2)), t.random.nextBoolean() ? none : new Arg.Type(t.anyType())));
    compare("ones", 20, t -> List.of(Arg.ints(t.shape(3))));
    compare("full", 20, t -> List.of(Arg.ints(t.shape(2)), new Arg.Float(1.5)));
    compare("full", 20, t -> List.of(Arg.ints(t.shape(2)), of(3), new Arg.Type(t.anyType())));
    compare("scalar_tensor", 20, t -> List.of(of(3)));
    for (String name : List.of("zeros_like", "ones_like")) {
      compare(name, 40, t -> List.of(t.tensor(t.anyType(), t.shape(3))));
    }
    compare(
        "full_like",
        40,
        t ->
            List.of(
                t.tensor(t.anyType(), t.shape(3)),
                new Arg.Float(2),
                t.random.nextBoolean() ? none : new Arg.Type(t.anyType())));
    compare("fill.Scalar", 20, t -> List.of(t.tensor(t.anyType(), t.shape(3)), of(1)));
    compare(
        "fill.Tensor",
        20,
        t -> List.of(t.tensor(t.anyType(), t.shape(3)), t.contiguous(DType.FLOAT32)));
    for (String name : List.of("new_zeros", "new_ones")) {
      compare(name, 20, t -> List.of(t.tensor(t.anyType(), t.shape(1)), Arg.ints(t.shape(2))));
    }
    compare(
        "new_full",
        20,
        t -> List.of(t.tensor(t.anyType(), t.shape(1)), Arg.ints(t.shape(2)), of(1)));
    compare("arange", 20, t -> List.of(t.random.nextBoolean() ? of(5) : new Arg.Float(4.5)));
    compare("arange.start", 20, t -> List.of(of(2), of(7), new Arg.Type(t.floating())));
    comparePartly(
        "linspace",
        40,
        t ->
            List.of(
                of(t.random.nextInt(-3, 3)),
                new Arg.Float(4.5),
                of(t.random.nextInt(6)),
                new Arg.Type(t.floating())));
    compare("eye", 20, t -> List.of(of(t.size())));
    compare("eye.m", 20, t -> List.of(of(t.size()), of(t.size()), new Arg.Type(DType.INT64)));
  }
}
