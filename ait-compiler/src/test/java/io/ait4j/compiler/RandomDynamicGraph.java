package io.ait4j.compiler;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A random graph over inputs whose sizes are symbols and what follows from them. */
final class RandomDynamicGraph {
  /** No value has more elements at the sizes that count. */
  private static final long MOST = 60_000;

  private final Oracle oracle;
  private final Random random;
  private final List<Dim> symbols;
  private final FxGraphBuilder builder = new FxGraphBuilder(null);
  private final List<Arg> values = new ArrayList<>();
  private final Set<Arg> used = new HashSet<>();
  private final Map<String, Integer> refusals = new TreeMap<>();

  RandomDynamicGraph(Oracle oracle, long seed, List<Dim> symbols) {
    this.oracle = oracle;
    this.symbols = symbols;
    random = new Random(seed);
  }

  /** A graph of about {@code nodes} operators; every end is an output. */
  FxGraph grow(int nodes) {
    for (int i = 0; i < 2; i++) {
      List<Dim> shape = new ArrayList<>(List.of(symbols.get(i % symbols.size())));
      for (int d = random.nextInt(3); d >= 0; d--) {
        shape.add(random.nextInt(3) == 0 ? pick(symbols) : constant());
      }
      values.add(input(shape));
    }
    for (int i = 0; i < nodes; i++) {
      Arg next = null;
      for (int tries = 0; next == null && tries < 20; tries++) {
        next =
            random.nextInt(100) < 40
                ? view(any())
                : random.nextBoolean() ? pointwise(any()) : heavy(any());
      }
      if (next != null) {
        values.add(next);
      }
    }
    List<Arg> outputs = new ArrayList<>();
    for (Arg value : values.subList(2, values.size())) {
      if (!used.contains(value) || random.nextInt(8) == 0) {
        outputs.add(value);
      }
    }
    return builder.build(outputs);
  }

  /** What the compiler did not take, which the graph does without: counts by reason. */
  Map<String, Integer> refusals() {
    return refusals;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private Dim constant() {
    return Dim.of(new long[] {1, 2, 3, 4, 4, 6, 8, 12}[random.nextInt(8)]);
  }

  private Arg input(List<Dim> shape) {
    return builder.input("x", TensorMeta.contiguous(DType.FLOAT32, shape));
  }

  private List<Dim> shape(Arg value) {
    return builder.meta(value).shape();
  }

  private static long most(List<Dim> shape) {
    return Dim.product(shape).max();
  }

  /** A value, recent ones more often. */
  private Arg any() {
    int n = values.size();
    return values.get(
        random.nextBoolean() ? random.nextInt(n) : n - 1 - random.nextInt(Math.min(n, 4)));
  }

  /** The result; null for what the graph's rules or the compiler refuse, or what is too large. */
  private Arg call(String target, Object... args) {
    List<Arg> list = new ArrayList<>();
    for (Object arg : args) {
      list.add(OperatorTable.arg(arg));
    }
    if (list.stream().anyMatch(java.util.Objects::isNull)) {
      return null;
    }
    Arg result;
    try {
      result = builder.emit(OpTarget.parse("aten::" + target), list, "").getFirst();
    } catch (ModelException | IllegalArgumentException e) {
      return null;
    }
    FxGraph graph = builder.build(List.of(result));
    for (FxNode node : graph.nodes()) {
      OperatorSupport.Verdict verdict = oracle.compiler().support().test(graph, node);
      if (!verdict.supported()) {
        refusals.merge(node.target() + ": " + verdict.reason(), 1, Integer::sum);
        return null;
      }
    }
    long most = most(shape(result));
    if (most > MOST || most == 0) {
      return null;
    }
    list.forEach(a -> a.map(v -> remember(v)));
    return result;
  }

  private Arg remember(Arg value) {
    used.add(value);
    return value;
  }

  private Arg pointwise(Arg x) {
    return switch (random.nextInt(8)) {
      case 0 -> call("relu", x);
      case 1 -> call("sigmoid", x);
      case 2 -> call("gelu", x, "none");
      case 3 -> call("add.Tensor", x, partner(shape(x)), 1);
      case 4 -> call("mul.Tensor", x, partner(shape(x)));
      case 5 -> call("sub.Tensor", partner(shape(x)), x, 1);
      case 6 -> call("where.self", call("gt.Tensor", x, partner(shape(x))), x, partner(shape(x)));
      default -> call("mul.Tensor", x, 0.5);
    };
  }

  /** A value that broadcasts with {@code shape}. */
  private Arg partner(List<Dim> shape) {
    List<Dim> own = new ArrayList<>(shape.subList(random.nextInt(shape.size() + 1), shape.size()));
    own.replaceAll(d -> random.nextInt(4) == 0 ? Dim.ONE : d);
    return like(own);
  }

  private Arg like(List<Dim> shape) {
    for (int i = 0; i < 8; i++) {
      Arg value = any();
      if (shape(value).equals(shape)) {
        return value;
      }
      if (Dim.product(shape(value)).equals(Dim.product(shape)) && random.nextBoolean()) {
        Arg same = call("reshape", value, dims(shape));
        if (same != null) {
          return same;
        }
      }
    }
    boolean isStatic = shape.stream().allMatch(Dim::isConst);
    return isStatic && random.nextBoolean()
        ? oracle.weight(builder, shape.stream().mapToLong(Dim::value).toArray())
        : input(shape);
  }

  private static Arg dims(List<Dim> dims) {
    return Arg.ofDims(dims);
  }

  private Arg view(Arg x) {
    List<Dim> s = shape(x);
    int rank = s.size();
    if (rank == 0) {
      return call("reshape", x, dims(List.of(Dim.ONE, Dim.ONE)));
    }
    int d = random.nextInt(rank);
    List<Dim> to = new ArrayList<>(s);
    switch (random.nextInt(11)) {
      case 0, 1 -> {
        if (rank < 2 || d == rank - 1) {
          return null;
        }
        to.set(d, s.get(d).times(s.get(d + 1)));
        to.remove(d + 1);
        return call("reshape", x, dims(to));
      }
      case 2, 3 -> {
        Dim factor = random.nextBoolean() ? pick(symbols) : Dim.of(2 + random.nextInt(3));
        Dim rest = s.get(d).floorDiv(factor);
        if (!rest.times(factor).equals(s.get(d)) || rank > 4) {
          return null;
        }
        to.set(d, random.nextBoolean() ? factor : rest);
        to.add(d + 1, s.get(d).floorDiv(to.get(d)));
        return call("reshape", x, dims(to));
      }
      case 4, 5 -> {
        List<Long> order = new ArrayList<>();
        for (long i = 0; i < rank; i++) {
          order.add(i);
        }
        Collections.shuffle(order, random);
        return call("permute", x, order);
      }
      case 6 -> {
        to.replaceAll(size -> size.is(1) ? random.nextBoolean() ? pick(symbols) : Dim.of(3) : size);
        return call("expand", x, dims(to));
      }
      case 7 -> {
        Arg start = new Arg.Int(random.nextInt(3));
        Arg end =
            switch (random.nextInt(3)) {
              case 0 -> Arg.of(s.get(d));
              case 1 -> new Arg.Int(-1 - random.nextInt(2));
              default -> new Arg.Int(3 + random.nextInt(4));
            };
        return call("slice.Tensor", x, d, start, end, 1 + random.nextInt(2));
      }
      case 8 -> {
        return rank < 2 ? null : call("select.int", x, d, random.nextInt(3) - 1);
      }
      case 9 -> {
        to.set(d, random.nextBoolean() ? pick(symbols) : constant());
        Arg other = like(to);
        return random.nextBoolean()
            ? call("cat", List.of(x, other), d)
            : call("cat", List.of(other, x, x), d);
      }
      default -> {
        return call(
            "constant_pad_nd", x, OperatorTable.of(random.nextInt(3), random.nextInt(2)), 0.5);
      }
    }
  }

  /** Some value seen as a tensor of {@code rank} through a reshape. */
  private Arg ranked(Arg value, int rank) {
    List<Dim> shape = new ArrayList<>(shape(value));
    while (shape.size() > rank) {
      int d = random.nextInt(shape.size() - 1);
      shape.set(d, shape.get(d).times(shape.remove(d + 1)));
    }
    while (shape.size() < rank) {
      shape.add(random.nextInt(shape.size() + 1), Dim.ONE);
    }
    return shape.equals(shape(value)) ? value : call("reshape", value, dims(shape));
  }

  private Arg heavy(Arg x) {
    List<Dim> s = shape(x);
    int rank = s.size();
    if (rank == 0) {
      return null;
    }
    int d = random.nextInt(rank);
    boolean keep = random.nextBoolean();
    Dim last = s.getLast();
    switch (random.nextInt(13)) {
      case 0 -> {
        return call("sum.dim_IntList", x, OperatorTable.of(d), keep, null);
      }
      case 1 -> {
        return call("mean.dim", x, OperatorTable.of(d), keep, null);
      }
      case 2 -> {
        return call("amax", x, OperatorTable.of(d), keep);
      }
      case 3 -> {
        return call("_softmax", x, d, false);
      }
      case 4, 5 -> {
        return last.isConst()
            ? call(
                "layer_norm",
                x,
                OperatorTable.of(last.value()),
                like(List.of(last)),
                null,
                0.1,
                true)
            : null;
      }
      case 6, 7 -> {
        return last.isConst()
            ? call("linear", x, oracle.weight(builder, 1 + random.nextInt(20), last.value()), null)
            : null;
      }
      case 8, 9 -> {
        Arg a = ranked(x, 3);
        if (a == null) {
          return null;
        }
        List<Dim> left = shape(a);
        Dim n = random.nextBoolean() ? pick(symbols) : constant();
        return call("bmm", a, like(List.of(left.get(0), left.get(2), n)));
      }
      case 10 -> {
        Arg q = ranked(x, 4);
        // Of nothing, libtorch's attention divides by zero.
        if (q == null
            || !shape(q).getLast().isConst()
            || shape(q).stream().anyMatch(size -> size.min() < 1)) {
          return null;
        }
        List<Dim> l = shape(q);
        Dim keys = random.nextBoolean() ? l.get(2) : symbols.getLast();
        List<Dim> kv = List.of(l.get(0), l.get(1), keys, l.get(3));
        Arg mask =
            random.nextBoolean() ? Arg.NONE : like(List.of(l.get(0), Dim.ONE, l.get(2), keys));
        return call(
            "scaled_dot_product_attention", q, like(kv), like(kv), mask, 0.0, false, null, false);
      }
      case 11 -> {
        Arg image = ranked(x, 4);
        if (image == null || !shape(image).get(1).isConst()) {
          return null;
        }
        long c = shape(image).get(1).value();
        long groups = random.nextInt(3) == 0 ? c : 1;
        long k = 1 + random.nextInt(3);
        long pad = k / 2;
        return call(
            "convolution",
            image,
            oracle.weight(builder, groups * (1 + random.nextInt(6)), c / groups, k, k),
            null,
            OperatorTable.of(1 + random.nextInt(2), 1),
            OperatorTable.of(pad, pad),
            OperatorTable.of(1, 1),
            false,
            OperatorTable.of(0, 0),
            groups);
      }
      default -> {
        Arg image = ranked(x, 4);
        return image == null || shape(image).stream().anyMatch(size -> size.min() < 1)
            ? null
            : call(
                random.nextBoolean() ? "max_pool2d" : "avg_pool2d",
                image,
                OperatorTable.of(3, 3),
                OperatorTable.of(2, 1),
                OperatorTable.of(1, 1));
      }
    }
  }
}
