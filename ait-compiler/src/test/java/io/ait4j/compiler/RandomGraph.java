package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Adds random operators over random tensors to a table: what the passes must keep the meaning of.
 */
final class RandomGraph {
  private final OperatorTable table;
  private final Random random;
  private final List<Arg> values = new ArrayList<>();
  private final Set<Arg> used = new HashSet<>();

  RandomGraph(OperatorTable table, long seed) {
    this.table = table;
    random = new Random(seed);
  }

  /** Emits about {@code nodes} operators and expects their ends, and some of their middles. */
  void grow(String name, int nodes) {
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      values.add(input());
    }
    values.add(weight(shape(1 + random.nextInt(4))));
    int first = values.size();
    for (int i = 0; i < nodes; i++) {
      Arg next = null;
      while (next == null) {
        next = random.nextInt(100) < 40 ? view() : random.nextInt(100) < 60 ? pointwise() : heavy();
      }
      values.add(next);
    }
    for (int i = 0; i < values.size(); i++) {
      Arg value = values.get(i);
      if (i >= first && !used.contains(value) || random.nextInt(8) == 0) {
        table.expect(name + "/" + i + " " + value, 1e-4, value);
      }
    }
  }

  private Arg call(String target, Object... args) {
    for (Object arg : args) {
      if (arg instanceof Arg value) {
        used.add(value);
      } else if (arg instanceof List<?> list) {
        list.forEach(x -> used.add((Arg) x));
      }
    }
    return table.call(target, args);
  }

  private Arg weight(long... shape) {
    return table.weight(shape);
  }

  private long[] shape(int rank) {
    long[] shape = new long[rank];
    for (int d = 0; d < rank; d++) {
      shape[d] = new long[] {1, 2, 3, 4, 4, 6, 8, 12}[random.nextInt(8)];
    }
    while (Arrays.stream(shape).reduce(1, (a, b) -> a * b) > 4000) {
      shape[random.nextInt(rank)] = 2;
    }
    return shape;
  }

  private Arg input() {
    long[] shape = shape(1 + random.nextInt(5));
    if (random.nextInt(4) == 0 && shape.length > 1) {
      List<Integer> order = new ArrayList<>();
      for (int d = 0; d < shape.length; d++) {
        order.add(d);
      }
      java.util.Collections.shuffle(order, random);
      return table.permuted(
          DType.FLOAT32, shape, order.stream().mapToInt(Integer::intValue).toArray());
    }
    return random.nextInt(8) == 0
        ? table.spread(DType.FLOAT32, shape)
        : table.input(DType.FLOAT32, shape);
  }

  /** A value, recent ones more often. */
  private Arg any() {
    int n = values.size();
    return values.get(
        random.nextBoolean() ? random.nextInt(n) : n - 1 - random.nextInt(Math.min(n, 4)));
  }

  private long[] sizes(Arg value) {
    return table.meta(value).sizes();
  }

  private static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Some value seen as a tensor of {@code rank} through a reshape. */
  private Arg ranked(int rank) {
    for (int i = 0; i < 8; i++) {
      Arg value = any();
      if (sizes(value).length == rank) {
        return value;
      }
    }
    Arg value = any();
    return call("reshape", value, factors(count(sizes(value)), rank));
  }

  /** A random shape of {@code rank} with this many elements. */
  private long[] factors(long count, int rank) {
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    for (long p = 2; count > 1; p++) {
      while (count % p == 0) {
        shape[random.nextInt(rank)] *= p;
        count /= p;
      }
    }
    return shape;
  }

  /** Some value of this shape, brought to it by views and padding if there is none. */
  private Arg like(long... shape) {
    for (int i = 0; i < 6; i++) {
      Arg value = any();
      long[] sizes = sizes(value);
      if (Arrays.equals(sizes, shape)) {
        return value;
      }
      if (count(sizes) == count(shape)) {
        return call("reshape", value, shape);
      }
    }
    return random.nextBoolean() ? weight(shape) : table.input(DType.FLOAT32, shape);
  }

  private Arg view() {
    Arg x = any();
    long[] s = sizes(x);
    int rank = s.length;
    int d = rank == 0 ? 0 : random.nextInt(rank);
    if (rank == 0) {
      return call("reshape", x, new long[] {1, 1});
    }
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        return call("reshape", x, factors(count(s), 1 + random.nextInt(5)));
      }
      case 2, 3 -> {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
          order.add(i);
        }
        java.util.Collections.shuffle(order, random);
        return call("permute", x, order.stream().mapToLong(i -> i).toArray());
      }
      case 4 -> {
        long[] to = s.clone();
        for (int i = 0; i < rank; i++) {
          to[i] = s[i] == 1 && random.nextBoolean() ? 3 : s[i];
        }
        return count(to) > 5000 ? null : call("expand", x, to);
      }
      case 5 -> {
        long start = random.nextInt((int) s[d]);
        long end = start + 1 + random.nextInt((int) (s[d] - start));
        return call("slice.Tensor", x, d, start, end, 1 + random.nextInt(2));
      }
      case 6 -> {
        return rank < 2 ? null : call("select.int", x, d, random.nextInt((int) s[d]));
      }
      case 7 -> {
        return rank > 4 ? null : call("unsqueeze", x, d);
      }
      case 8 -> {
        List<Arg> parts = new ArrayList<>();
        int n = 1 + random.nextInt(3);
        for (int i = 0; i < n; i++) {
          long[] part = s.clone();
          part[d] = random.nextBoolean() ? s[d] : 1 + random.nextInt(4);
          parts.add(random.nextInt(3) == 0 ? x : like(part));
        }
        parts.add(random.nextInt(parts.size() + 1), x);
        return count(s) * (n + 1) > 6000 ? null : call("cat", parts, d);
      }
      default -> {
        long[] pads = new long[2 * (1 + random.nextInt(rank))];
        for (int i = 0; i < pads.length; i++) {
          pads[i] = random.nextInt(3) - (random.nextInt(6) == 0 && s[rank - 1 - i / 2] > 4 ? 1 : 0);
        }
        return count(s) > 1500 ? null : call("constant_pad_nd", x, pads, 0.5);
      }
    }
  }

  /** A value that broadcasts with {@code shape}. */
  private Arg partner(long[] shape) {
    long[] own = Arrays.copyOfRange(shape, random.nextInt(shape.length + 1), shape.length);
    for (int d = 0; d < own.length; d++) {
      own[d] = random.nextInt(4) == 0 ? 1 : own[d];
    }
    return own.length == 0 ? weight() : like(own);
  }

  private Arg pointwise() {
    Arg x = any();
    long[] s = sizes(x);
    return switch (random.nextInt(11)) {
      case 0 -> call("relu", x);
      case 1 -> call("sigmoid", x);
      case 2 -> call("gelu", x);
      case 3, 4 -> call("add.Tensor", x, partner(s), 1);
      case 5 -> call("mul.Tensor", x, partner(s));
      case 6 -> call("sub.Tensor", partner(s), x, 1);
      case 7 -> {
        Arg condition = call(random.nextBoolean() ? "gt.Tensor" : "lt.Tensor", x, partner(s));
        yield call("where.self", condition, like(s), partner(s));
      }
      case 8 -> call("tanh", x);
      case 9 -> call("mul.Tensor", x, 0.5);
      default -> call("maximum", x, like(s));
    };
  }

  private Arg heavy() {
    return switch (random.nextInt(16)) {
      case 0, 1 -> {
        Arg x = any();
        int rank = sizes(x).length;
        if (rank == 0) {
          yield null;
        }
        long[] dims =
            rank > 1 && random.nextBoolean()
                ? new long[] {random.nextInt(rank - 1), rank - 1}
                : new long[] {random.nextInt(rank)};
        yield switch (random.nextInt(4)) {
          case 0 -> call("sum.dim_IntList", x, dims, random.nextBoolean());
          case 1 -> call("mean.dim", x, dims, random.nextBoolean());
          case 2 -> call("amax", x, dims, random.nextBoolean());
          default -> call("var.correction", x, dims, 0, random.nextBoolean());
        };
      }
      case 2 -> {
        Arg x = ranked(1 + random.nextInt(4));
        yield call("_softmax", x, random.nextInt(sizes(x).length), false);
      }
      case 3 -> {
        Arg x = ranked(2 + random.nextInt(3));
        long[] s = sizes(x);
        long[] norm = Arrays.copyOfRange(s, s.length - 1 - random.nextInt(2), s.length);
        yield call("layer_norm", x, norm, like(norm), weight(norm), 1e-1);
      }
      case 4 -> {
        Arg x = ranked(3 + random.nextInt(2));
        long c = sizes(x)[1];
        long n = c % 2 == 0 ? 2 : 1;
        yield call("group_norm", x, n, weight(c), random.nextBoolean() ? weight(c) : null, 1e-1);
      }
      case 5, 6 -> {
        Arg x = ranked(2 + random.nextInt(3));
        long k = sizes(x)[sizes(x).length - 1];
        long n = new long[] {1, 4, 8, 17}[random.nextInt(4)];
        Arg w = random.nextBoolean() ? weight(n, k) : like(n, k);
        yield call("linear", x, w, random.nextBoolean() ? weight(n) : null);
      }
      case 7 -> {
        Arg x = ranked(2);
        long[] s = sizes(x);
        Arg y = like(s[1], new long[] {3, 8, 12}[random.nextInt(3)]);
        yield random.nextBoolean()
            ? call("mm", x, y)
            : call("addmm", partner(new long[] {s[0], sizes(y)[1]}), x, y);
      }
      case 8 -> {
        Arg x = ranked(3);
        long[] s = sizes(x);
        Arg y = like(s[0], s[2], new long[] {2, 6, 8}[random.nextInt(3)]);
        yield random.nextBoolean()
            ? call("bmm", x, y)
            : call("baddbmm", like(s[0], s[1], sizes(y)[2]), x, y);
      }
      case 9, 10, 11 -> convolution();
      case 12 -> {
        Arg x = ranked(4);
        long[] s = sizes(x);
        if (random.nextInt(3) == 0) {
          yield count(s) > 1500
              ? null
              : call("upsample_nearest2d", x, new long[] {2 * s[2], 2 * s[3]}, null, null);
        }
        if (s[2] < 2 || s[3] < 2) {
          yield null;
        }
        long[] two = {2, 2};
        yield random.nextBoolean()
            ? call("max_pool2d", x, two, new long[] {1 + random.nextInt(2), 2}, new long[] {1, 0})
            : call("avg_pool2d", x, two, two, new long[] {0, 1}, false, random.nextBoolean());
      }
      case 13 -> {
        Arg x = ranked(2 + random.nextInt(3));
        long c = sizes(x)[1];
        yield call(
            "batch_norm",
            x,
            weight(c),
            weight(c),
            weight(c),
            table.positive(c),
            false,
            0.1,
            1e-5,
            true);
      }
      case 14 -> {
        Arg q = ranked(4);
        long[] s = sizes(q);
        long keys = 1 + random.nextInt(9);
        long[] kv = {s[0], s[1], keys, s[3]};
        Arg mask =
            random.nextBoolean()
                ? null
                : random.nextBoolean()
                    ? like(s[0], random.nextBoolean() ? 1 : s[1], s[2], keys)
                    : like(s[2], keys);
        yield call("scaled_dot_product_attention", q, like(kv), like(kv), mask);
      }
      default -> {
        Arg x = any();
        long[] s = sizes(x);
        if (s.length == 0) {
          yield null;
        }
        int d = random.nextInt(s.length);
        long[] index = {s[d] - 1, 0, s[d] / 2};
        Number[] boxed = Arrays.stream(index).boxed().toArray(Number[]::new);
        if (s.length == 2 && random.nextBoolean()) {
          Arg rows = table.values(DType.INT64, new long[] {2, 2}, 0, s[0] - 1);
          yield call("embedding", x, rows);
        }
        if (random.nextBoolean()) {
          long[] full = s.clone();
          full[d] = 3;
          yield call("gather", x, d, table.values(DType.INT64, full, boxed));
        }
        yield call("index_select", x, d, table.values(DType.INT64, new long[] {3}, boxed));
      }
    };
  }

  private Arg convolution() {
    Arg x = ranked(random.nextInt(5) == 0 ? 3 : 4);
    long[] s = sizes(x);
    int dims = s.length - 2;
    long c = s[1];
    boolean transposed = random.nextInt(4) == 0 && dims == 2;
    long groups = random.nextInt(3) == 0 ? c : random.nextInt(3) == 0 && c % 2 == 0 ? 2 : 1;
    long outPerGroup = 1 + random.nextInt(5);
    long[] w = new long[s.length];
    w[0] = transposed ? c : groups * outPerGroup;
    w[1] = transposed ? outPerGroup : c / groups;
    long[] stride = new long[dims];
    long[] pad = new long[dims];
    long[] dilation = new long[dims];
    long[] outputPad = new long[dims];
    for (int d = 0; d < dims; d++) {
      w[d + 2] = 1 + random.nextInt(3);
      stride[d] = 1 + random.nextInt(2);
      pad[d] = random.nextInt((int) w[d + 2]);
      dilation[d] = transposed ? 1 : 1 + random.nextInt(2);
      if (s[d + 2] + 2 * pad[d] < dilation[d] * (w[d + 2] - 1) + 1
          || transposed && (s[d + 2] - 1) * stride[d] - 2 * pad[d] + w[d + 2] < 1) {
        return null;
      }
    }
    Arg weight = random.nextInt(5) == 0 && !transposed ? like(w) : weight(w);
    long out = groups * outPerGroup;
    return call(
        "convolution",
        x,
        weight,
        random.nextBoolean() ? weight(out) : null,
        stride,
        pad,
        dilation,
        transposed,
        outputPad,
        groups);
  }
}
