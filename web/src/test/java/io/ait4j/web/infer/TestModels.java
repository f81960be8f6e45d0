package io.ait4j.web.infer;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.lower.AitLowerer;
import io.ait4j.lower.LowerSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Small models, made when they are first asked for, as a source of models to serve. */
public final class TestModels implements ModelSource {
  private static final Path CACHE = Path.of("target/cache").toAbsolutePath();

  private final Path folder;
  private final Map<String, ModelFile> made = new ConcurrentHashMap<>();

  public TestModels(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<ModelFile> find(String name, Optional<String> version) {
    return version.isPresent() && !version.get().equals("1")
        ? Optional.empty()
        : Optional.ofNullable(made.get(name));
  }

  @Override
  public List<ModelFile> list() {
    return List.copyOf(made.values());
  }

  /** Minus its input, of 1 to {@code most} rows of four. */
  public TestModels negative(String name, long most) {
    TensorMeta rows = rows(most);
    return add(name, List.of(new FxValue("x", rows)), List.of(unary("y", "aten::neg", "x", rows)));
  }

  /** The running sum of its rows, each of which depends on those before it. */
  public TestModels runningSum(String name) {
    TensorMeta rows = rows(16);
    List<Arg> args = List.of(new Arg.Value("x"), new Arg.Int(0), new Arg.None());
    return add(
        name, List.of(new FxValue("x", rows)), List.of(node("y", "aten::cumsum", rows, args)));
  }

  /** Rows of a table of ten, by their numbers: others are out of range. */
  public TestModels lookup(String name) {
    TensorMeta table = TensorMeta.contiguous(DType.FLOAT32, 10, 4);
    TensorMeta numbers = TensorMeta.contiguous(DType.INT64, 3);
    TensorMeta found = TensorMeta.contiguous(DType.FLOAT32, 3, 4);
    List<Arg> args = List.of(new Arg.Value("table"), new Arg.Int(0), new Arg.Value("numbers"));
    return add(
        name,
        List.of(new FxValue("table", table), new FxValue("numbers", numbers)),
        List.of(node("found", "aten::index_select", found, args)));
  }

  /** The places of what is not 0: how many there are only a run tells, and libtorch makes it. */
  public TestModels nonzero(String name) {
    TensorMeta row = TensorMeta.contiguous(DType.FLOAT32, 4);
    ValueMeta places = new ValueMeta.Opaque("Tensor");
    return add(
        name, List.of(new FxValue("x", row)), List.of(unary("y", "aten::nonzero", "x", places)));
  }

  /** Its input, after a loop that ends only if the input's numbers add up to 100 at least. */
  public TestModels patient(String name) {
    TensorMeta rows = rows(16);
    FxGraph round =
        new FxGraph(
            List.of(
                new FxValue("round", new ValueMeta.Scalar(DType.INT64)),
                new FxValue("carried", rows)),
            List.of(),
            List.of(
                node(
                    "sum",
                    "aten::sum",
                    TensorMeta.contiguous(DType.FLOAT32),
                    List.of(new Arg.Value("carried"), new Arg.None())),
                node(
                    "less",
                    "aten::lt.Scalar",
                    TensorMeta.contiguous(DType.BOOL),
                    List.of(new Arg.Value("sum"), new Arg.Int(100))),
                unary("again", "aten::Bool.Tensor", "less", new ValueMeta.Scalar(DType.BOOL))),
            List.of(new Arg.Value("again"), new Arg.Value("carried")),
            Map.of());
    FxNode loop =
        new FxNode(
            "y",
            OpTarget.parse("prim::Loop"),
            List.of(new Arg.Int(Long.MAX_VALUE), new Arg.Bool(true), new Arg.Value("x")),
            List.of(new FxValue("y", rows)),
            List.of(round),
            "");
    return add(name, List.of(new FxValue("x", rows)), List.of(loop));
  }

  /** For each type that there is, an input of its name and an output that is minus (not) that. */
  public TestModels types(String name, long size) {
    List<FxValue> inputs = new ArrayList<>();
    List<FxNode> nodes = new ArrayList<>();
    for (Datatype type : Datatype.values()) {
      TensorMeta meta = TensorMeta.contiguous(type.dtype(), 2, size);
      String input = type.name().toLowerCase(Locale.ROOT);
      inputs.add(new FxValue(input, meta));
      String op = type == Datatype.BOOL ? "aten::logical_not" : "aten::neg";
      nodes.add(unary("minus_" + input, op, input, meta));
    }
    return add(name, inputs, nodes);
  }

  private static TensorMeta rows(long most) {
    return TensorMeta.contiguous(DType.FLOAT32, List.of(Dim.symbol("rows", 1, most), Dim.of(4)));
  }

  private static FxNode unary(String name, String op, String input, ValueMeta type) {
    return node(name, op, type, List.of(new Arg.Value(input)));
  }

  private static FxNode node(String name, String op, ValueMeta type, List<Arg> args) {
    return new FxNode(name, OpTarget.parse(op), args, List.of(new FxValue(name, type)), "");
  }

  private TestModels add(String name, List<FxValue> inputs, List<FxNode> nodes) {
    List<Arg> outputs = new ArrayList<>();
    nodes.forEach(node -> outputs.add(new Arg.Value(node.name())));
    FxGraph graph = new FxGraph(inputs, List.of(), nodes, outputs, Map.of());
    Path file = folder.resolve(name + ".aitm");
    try (Arena arena = Arena.ofShared()) {
      AitLowerer.lower(graph, settings(), arena, step -> {}).write(file);
    }
    return add(name, file);
  }

  /** A file that is there. */
  public TestModels add(String name, Path file) {
    made.put(name, new ModelFile(name, "1", "server", name, () -> file));
    return this;
  }

  /** Worker processes, but not what Java starts to start them, nor what is no worker yet. */
  static Stream<ProcessHandle> workers() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("io.ait4j.web.process."));
  }

  /** Sends all worker processes a signal. */
  public static void signalWorkers(String signal) throws IOException, InterruptedException {
    for (ProcessHandle worker : workers().toList()) {
      new ProcessBuilder("kill", "-" + signal, "" + worker.pid()).start().waitFor();
    }
  }

  private static LowerSettings settings() {
    return LowerSettings.DEFAULT.withCacheDir(CACHE).withMinPartitionSize(1);
  }
}
