package io.ait4j.compiler;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fallback.TorchResult;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.torchscript.LibtorchTyper;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Compiles a graph, runs it on fresh random inputs and compares with libtorch. */
final class Oracle implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final long seed;
  private final Random random;
  private final AitCompiler compiler;

  /** All tests of this module share what is the same for all libraries. */
  private static final Path SHARED_CACHE = Path.of("target", "cache");

  Oracle(Path cache, long seed) {
    this(cache, seed, Set.of());
  }

  Oracle(Path cache, long seed, Set<String> withoutPasses) {
    compiler =
        new AitCompiler(
            CompilerSettings.defaults().withCacheDir(SHARED_CACHE).withoutPasses(withoutPasses));
    this.seed = seed;
    random = new Random(seed);
  }

  /** A graph over inputs of these types; the function emits nodes and returns the outputs. */
  static FxGraph graph(
      List<TensorMeta> inputs, BiFunction<FxGraphBuilder, List<Arg>, List<Arg>> body) {
    FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
    List<Arg> values = new ArrayList<>();
    for (TensorMeta meta : inputs) {
      values.add(builder.input("x", meta));
    }
    return builder.build(body.apply(builder, values));
  }

  /**
   * A weight with random elements, scaled so that a product with it keeps the magnitude of its
   * input.
   */
  Arg weight(FxGraphBuilder builder, long... shape) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, shape);
    NativeTensor tensor = fill(meta);
    float scale = shape.length < 2 ? 1 : (float) Math.sqrt((double) shape[0] / tensor.numel());
    for (long i = 0; i < tensor.numel(); i++) {
      tensor
          .data()
          .setAtIndex(
              ValueLayout.JAVA_FLOAT,
              i,
              scale * tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i));
    }
    return builder.attribute(new Weight("w" + random.nextInt(1 << 30), meta, tensor.data()));
  }

  /** A weight with positive random elements, a variance for example. */
  Arg positive(FxGraphBuilder builder, long... shape) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, shape);
    NativeTensor tensor = fill(meta);
    for (long i = 0; i < tensor.numel(); i++) {
      float x = tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      tensor.data().setAtIndex(ValueLayout.JAVA_FLOAT, i, Math.abs(x) + 0.1f);
    }
    return builder.attribute(new Weight("v" + random.nextInt(1 << 30), meta, tensor.data()));
  }

  /**
   * Compiles and runs {@code graph} on random inputs and requires libtorch's results within {@code
   * tolerance}, as {@link Comparison} says.
   */
  CompiledPartition check(FxGraph graph, double tolerance) {
    return check(graph, graph.inputs().stream().map(v -> fill(v.tensor())).toList(), tolerance);
  }

  CompiledPartition check(FxGraph graph, List<NativeTensor> inputs, double tolerance) {
    return check(
        graph,
        inputs,
        graph.outputs().stream().map(o -> new Expected(o.toString(), tolerance)).toList());
  }

  /** What is asked of an output: its name in messages, and how near it must be. */
  record Expected(String name, double tolerance, double magnitude) {
    Expected(String name, double tolerance) {
      this(name, tolerance, 0);
    }
  }

  /**
   * The same with one expectation for each output; the error lists every output that differs. Half
   * types are compared with what libtorch computes in float32 from the same numbers.
   */
  CompiledPartition check(FxGraph graph, List<NativeTensor> inputs, List<Expected> expectations) {
    refuseNothing(graph);
    CompiledPartition compiled = compiler.compile(graph, arena);
    StringBuilder differences = new StringBuilder();
    boolean halves = Widened.has(graph);
    FxGraph reference = halves ? Widened.of(graph, arena) : graph;
    List<NativeTensor> references =
        halves ? inputs.stream().map(t -> Widened.of(t, arena)).toList() : inputs;
    try (TorchModule torch = new TorchModule(reference);
        TorchResult expected = torch.run(references)) {
      List<NativeTensor> outputs = run(compiled, graph, inputs);
      String first = "";
      for (int i = 0; i < outputs.size(); i++) {
        Optional<String> difference =
            Comparison.difference(
                outputs.get(i),
                expected.outputs().get(i),
                expectations.get(i).tolerance(),
                expectations.get(i).magnitude());
        if (difference.isPresent()) {
          first = first.isEmpty() ? alone(graph, graph.outputs().get(i)) : first;
          differences
              .append(expectations.get(i).name())
              .append(": ")
              .append(difference.get())
              .append('\n');
        }
      }
      if (!differences.isEmpty()) {
        throw new AssertionError(
            "seed " + seed + ": " + differences + "the first of them:\n" + first);
      }
    }
    return compiled;
  }

  /**
   * Compiles a graph with symbols once and runs it at each of these sizes, on fresh inputs, against
   * libtorch running the same graph made for those sizes.
   */
  CompiledPartition checkSizes(FxGraph graph, List<Map<String, Long>> sizes, double tolerance) {
    List<Expected> expectations =
        graph.outputs().stream().map(o -> new Expected(o.toString(), tolerance)).toList();
    return checkCases(graph, sizes, (inputs, values) -> inputs.forEach(this::fill), expectations);
  }

  /** The same on inputs that {@code fill} writes; the error lists the first outputs that differ. */
  CompiledPartition checkCases(
      FxGraph graph,
      List<Map<String, Long>> sizes,
      BiConsumer<List<NativeTensor>, Map<String, Long>> fill,
      List<Expected> expectations) {
    refuseNothing(graph);
    CompiledPartition compiled = compiler.compile(graph, arena);
    Map<Integer, String> differences = new TreeMap<>();
    try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
      for (Map<String, Long> values : sizes) {
        FxGraph sized = Specialised.at(graph, values);
        List<NativeTensor> inputs = sized.inputs().stream().map(v -> allocate(v.tensor())).toList();
        fill.accept(inputs, values);
        List<NativeTensor> outputs = new ArrayList<>();
        for (Arg output : sized.outputs()) {
          outputs.add(allocateOutput(sized.values().get(((Arg.Value) output).name()).tensor()));
        }
        module.run(inputs, outputs, values);
        boolean halves = Widened.has(sized);
        try (TorchModule torch = new TorchModule(halves ? Widened.of(sized, arena) : sized);
            TorchResult expected =
                torch.run(inputs.stream().map(t -> Widened.of(t, arena)).toList())) {
          for (int i = 0; i < outputs.size(); i++) {
            Expected asked = expectations.get(i);
            Optional<String> difference =
                Comparison.difference(
                    outputs.get(i),
                    expected.outputs().get(i),
                    asked.tolerance(),
                    asked.magnitude());
            if (difference.isPresent()) {
              differences.putIfAbsent(i, asked.name() + " at " + values + " " + difference.get());
            }
          }
        }
      }
    }
    if (!differences.isEmpty()) {
      int first = differences.keySet().iterator().next();
      throw new AssertionError(
          "seed %d:%n%s%nthe first of them:%n%s"
              .formatted(
                  seed,
                  String.join("\n", differences.values()),
                  alone(graph, graph.outputs().get(first))));
    }
    return compiled;
  }

  private void refuseNothing(FxGraph graph) {
    StringBuilder refusals = new StringBuilder();
    for (FxNode node : graph.nodes()) {
      OperatorSupport.Verdict verdict = compiler.support().test(graph, node);
      if (!verdict.supported()) {
        refusals.append(node).append(" is refused: ").append(verdict.reason()).append('\n');
      }
    }
    if (!refusals.isEmpty()) {
      throw new AssertionError(refusals.toString());
    }
  }

  /** Compiles and runs without comparing. */
  List<NativeTensor> run(FxGraph graph, List<NativeTensor> inputs) {
    return run(compiler.compile(graph, arena), graph, inputs);
  }

  private List<NativeTensor> run(
      CompiledPartition compiled, FxGraph graph, List<NativeTensor> inputs) {
    List<NativeTensor> outputs = new ArrayList<>();
    for (Arg output : graph.outputs()) {
      FxValue value = graph.values().get(((Arg.Value) output).name());
      outputs.add(allocateOutput(value.tensor()));
    }
    try (AitModule module = AitModule.load(compiled.library(), compiled.constants())) {
      module.run(inputs, outputs);
    }
    return outputs;
  }

  /** What is compiled for one output. */
  private String alone(FxGraph graph, Arg output) {
    FxGraph one =
        new FxGraph(
            graph.inputs(), graph.attributes(), graph.nodes(), List.of(output), graph.weights());
    return compiler.source(one);
  }

  String source(FxGraph graph) {
    return compiler.source(graph);
  }

  AitCompiler compiler() {
    return compiler;
  }

  /** An expanded result gets a place for each element, as {@code LoweredModule} does it. */
  private NativeTensor allocateOutput(TensorMeta meta) {
    boolean overlaps = meta.strides().stream().anyMatch(s -> s.is(0));
    return allocate(overlaps ? TensorMeta.contiguous(meta.dtype(), meta.shape()) : meta);
  }

  NativeTensor allocate(TensorMeta meta) {
    long[] sizes = meta.sizes();
    long[] strides = meta.strides().stream().mapToLong(d -> d.value()).toArray();
    return new NativeTensor(
        meta.dtype(),
        sizes,
        strides,
        arena.allocate(Math.max(1, NativeTensor.reach(sizes, strides)) * meta.dtype().bytes(), 64));
  }

  /** A tensor of {@code meta} with random elements: normal floats, small integers. */
  NativeTensor fill(TensorMeta meta) {
    NativeTensor t = allocate(meta);
    fill(t);
    return t;
  }

  private void fill(NativeTensor t) {
    Contents.NORMAL.accept(t, random);
  }

  @Override
  public void close() {
    arena.close();
  }
}
