package io.ait4j.compiler;

import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.select.Profiling;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.torchscript.LibtorchTyper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The model of the clients in {@code src/test/cpp/client}: y = relu(x (2 w)' + b) + z over [n, 4],
 * t = x gain over [n, 8].
 */
final class ClientModel {
  static final Path SOURCES = Path.of("src/test/cpp/client").toAbsolutePath();

  private ClientModel() {}

  private static FxGraph graph(Arena arena) {
    FxGraphBuilder b = new FxGraphBuilder(new LibtorchTyper());
    Dim n = Dim.symbol("n", 0, 6);
    Arg x = b.input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(n, Dim.of(8))));
    Arg z = b.input("z", TensorMeta.contiguous(DType.FLOAT32, List.of(n, Dim.of(4))));
    Arg w = weight(b, arena, "fc.weight", 4, 8);
    Arg bias = weight(b, arena, "fc.bias", 4);
    Arg gain = weight(b, arena, "gain", 8);
    Arg twice = b.call("aten::mul.Tensor", w, new Arg.Int(2));
    Arg y =
        b.call("aten::add.Tensor", b.call("aten::relu", b.call("aten::linear", x, twice, bias)), z);
    return b.build(List.of(y, b.call("aten::mul.Tensor", x, gain)));
  }

  private static Arg weight(FxGraphBuilder b, Arena arena, String name, long... shape) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, shape);
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    return b.attribute(new Weight(name, meta, arena.allocate(4 * elements, 64)));
  }

  /** Its generated C++ for this processor, and with it the names of the source graph; by file. */
  static Map<String, String> sources(Path folder) throws IOException {
    Path kept = generate(folder, CpuTarget.NATIVE);
    return withNames(files(kept, ".cpp"), "named.cpp");
  }

  private static Path generate(Path folder, Target target) {
    Path kept = folder.resolve("sources");
    try (Arena arena = Arena.ofConfined()) {
      new AitCompiler(
              new CompilerSettings(
                  target, Precision.FP32, cache(), 1, kept, Set.of(), Profiling.OFF))
          .compile(graph(arena), arena);
    }
    return kept;
  }

  private static Map<String, String> files(Path folder, String end) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(end)).toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  private static Map<String, String> withNames(Map<String, String> sources, String names)
      throws IOException {
    sources.put("named.cpp", Files.readString(SOURCES.resolve(names)));
    return sources;
  }

  /** The library of these. */
  static Path library(Map<String, String> sources) {
    return LibraryBuilder.of(CompilerSettings.defaults().withCacheDir(cache())).build(sources);
  }

  /** The library for a GPU, with this source for names and values of constants. */
  static Path library(Path folder, Target target, String names) throws IOException {
    Path kept = generate(folder, target);
    Map<String, String> host = withNames(files(kept, ".cpp"), names);
    return LibraryBuilder.of(CompilerSettings.defaults().withTarget(target).withCacheDir(cache()))
        .build(new Sources(host, files(kept, ".cu"), Map.of(), Set.of()));
  }

  private static Path cache() {
    return Path.of("target", "cache").toAbsolutePath();
  }
}
