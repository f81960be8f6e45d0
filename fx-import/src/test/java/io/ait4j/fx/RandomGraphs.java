package io.ait4j.fx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Graphs that no model has, of every kind of part. */
final class RandomGraphs {
  private static final double[] ODD = {
    0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e300, 0.1
  };
  private final Random random;
  private final Arena arena = Arena.ofAuto();
  private final List<Dim> symbols = new ArrayList<>();
  private int names;

  RandomGraphs(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      long min = random.nextInt(4);
      long max = random.nextInt(3) == 0 ? Dim.UNBOUNDED : min + random.nextInt(1000);
      symbols.add(Dim.symbol(text() + i, min, max));
    }
    symbols.add(Dim.index("loop", symbols.getFirst().plus(2)));
  }

  FxGraph graph() {
    List<FxValue> inputs = values(1 + random.nextInt(3));
    List<FxValue> attributes = new ArrayList<>();
    Map<String, Weight> weights = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Weight weight = weight();
      FxValue value = new FxValue(name(), weight.meta());
      attributes.add(value);
      weights.put(value.name(), weight);
    }
    List<String> known = new ArrayList<>(inputs.stream().map(FxValue::name).toList());
    attributes.forEach(v -> known.add(v.name()));
    List<FxNode> nodes = nodes(known, 2);
    List<Arg> outputs = args(known, 2);
    List<GraphSignature.State> states = new ArrayList<>();
    List<GraphSignature.InputMutation> mutations = new ArrayList<>();
    if (random.nextBoolean()) {
      outputs.add(value(known));
      states.add(new GraphSignature.State(inputs.getFirst().name(), outputs.size() - 1, weight()));
    }
    if (random.nextBoolean()) {
      outputs.add(value(known));
      mutations.add(new GraphSignature.InputMutation(inputs.getLast().name(), outputs.size() - 1));
    }
    List<String> outputNames = new ArrayList<>();
    for (int i = outputs.size() - states.size() - mutations.size(); i > 0; i--) {
      outputNames.add(text());
    }
    GraphSignature signature =
        new GraphSignature(
            random.nextBoolean() ? outputNames : List.of(), states, mutations, guards());
    return new FxGraph(inputs, attributes, nodes, outputs, weights, signature);
  }

  private List<Guard> guards() {
    List<Guard> guards = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Guard.Relation relation = Guard.Relation.values()[random.nextInt(4)];
      guards.add(new Guard(dim(3), relation, dim(2), text()));
    }
    return guards;
  }

  private List<FxNode> nodes(List<String> known, int depth) {
    List<FxNode> nodes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<FxGraph> blocks = new ArrayList<>();
      for (int b = depth > 0 ? random.nextInt(3) : 0; b > 0; b--) {
        blocks.add(block(known, depth - 1));
      }
      OpTarget target =
          new OpTarget("ns" + random.nextInt(3), "op", random.nextBoolean() ? "" : "o");
      List<Arg> args = args(known, 3);
      List<FxValue> results = values(random.nextInt(3));
      nodes.add(new FxNode(name(), target, args, results, blocks, text()));
      results.forEach(v -> known.add(v.name()));
    }
    return nodes;
  }

  private FxGraph block(List<String> outer, int depth) {
    List<String> known = new ArrayList<>(outer);
    List<FxValue> inputs = values(random.nextInt(2));
    inputs.forEach(v -> known.add(v.name()));
    List<FxNode> nodes = nodes(known, depth);
    return new FxGraph(inputs, List.of(), nodes, args(known, 1), Map.of());
  }

  private String name() {
    return "v" + names++;
  }

  private List<FxValue> values(int count) {
    List<FxValue> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(new FxValue(name(), meta(2)));
    }
    return values;
  }

  private ValueMeta meta(int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 5)) {
      case 0 -> new ValueMeta.Scalar(dtype());
      case 1 -> new ValueMeta.Opaque(text());
      case 5 -> new ValueMeta.Sequence(List.of(meta(depth - 1), meta(depth - 1)));
      default -> {
        List<Dim> shape = dims();
        yield random.nextBoolean()
            ? TensorMeta.contiguous(dtype(), shape)
            : new TensorMeta(dtype(), shape, shape.stream().map(d -> dim(2)).toList());
      }
    };
  }

  private List<Dim> dims() {
    List<Dim> dims = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      dims.add(dim(3));
    }
    return dims;
  }

  /** Any expression that arithmetic on sizes makes. */
  Dim dim(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return random.nextInt(3) == 0
          ? Dim.of(random.nextInt(200) - 50)
          : symbols.get(random.nextInt(symbols.size()));
    }
    Dim a = dim(depth - 1);
    Dim b = dim(depth - 1);
    return switch (random.nextInt(7)) {
      case 0 -> a.plus(b);
      case 1 -> a.minus(b);
      case 2 -> a.times(b);
      case 3 -> a.floorDiv(b.max(Dim.ONE));
      case 4 -> a.mod(b.max(Dim.ONE));
      case 5 -> a.min(b);
      default -> a.max(b);
    };
  }

  private DType dtype() {
    return DType.values()[random.nextInt(DType.values().length)];
  }

  private Weight weight() {
    long[] shape = {1 + random.nextInt(3), random.nextInt(4)};
    TensorMeta meta = TensorMeta.contiguous(dtype(), shape);
    byte[] bytes = new byte[(int) (shape[0] * shape[1]) * meta.dtype().bytes()];
    random.nextBytes(bytes);
    MemorySegment data = arena.allocate(bytes.length, 8);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, data, 0, bytes.length);
    return new Weight(text(), meta, data);
  }

  private List<Arg> args(List<String> known, int depth) {
    List<Arg> args = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      args.add(arg(known, depth));
    }
    return args;
  }

  private Arg value(List<String> known) {
    return new Arg.Value(known.get(random.nextInt(known.size())));
  }

  private Arg arg(List<String> known, int depth) {
    return switch (random.nextInt(depth > 0 ? 14 : 12)) {
      case 0, 1 -> value(known);
      case 2 -> new Arg.Int(random.nextBoolean() ? random.nextLong() : Long.MIN_VALUE);
      case 3 -> new Arg.Float(ODD[random.nextInt(ODD.length)]);
      case 4 -> new Arg.Bool(random.nextBoolean());
      case 5 -> new Arg.Str(text());
      case 6 -> Arg.NONE;
      case 7 -> new Arg.SymInt(dim(3));
      case 8 -> new Arg.Type(dtype());
      case 9 -> new Arg.Device(text());
      case 10 -> new Arg.MemoryFormat(text());
      case 11 -> new Arg.Layout(text());
      default -> new Arg.Sequence(args(known, depth - 1));
    };
  }

  /** Any code points but the halves of surrogate pairs, which no file of UTF-8 holds. */
  private String text() {
    return random
        .ints(random.nextInt(6), 0, Character.MAX_CODE_POINT + 1)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
