package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.CudaCompiler;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.GpuFunction;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hand-written functions for GPUs: libraries that need no GPU to be built. */
class CudaFunctionsTest {
  private static final Dim ROWS = Dim.of(new Dim.Symbol("n", 0, 100_000, null));

  @TempDir Path cache;

  private final FxGraphBuilder builder = new FxGraphBuilder(null);

  private static TensorMeta meta(DType dtype, Dim... shape) {
    return TensorMeta.contiguous(dtype, List.of(shape));
  }

  private static TensorMeta floats(long... shape) {
    return TensorMeta.contiguous(DType.FLOAT32, shape);
  }

  private List<Arg> calls(String target, Object... args) {
    return builder.emit(
        OpTarget.parse(target.contains("::") ? target : "aten::" + target),
        Arrays.stream(args).map(OperatorTable::arg).toList(),
        "");
  }

  private Arg call(String target, Object... args) {
    return calls(target, args).getFirst();
  }

  /** A call of each function. */
  private FxGraph all() {
    Arg x = builder.input("x", meta(DType.FLOAT32, ROWS, Dim.of(64)));
    Arg y = builder.input("y", meta(DType.FLOAT16, ROWS, Dim.of(64)));
    Arg places = builder.input("places", meta(DType.INT64, ROWS));
    Arg mask = builder.input("mask", meta(DType.BOOL, ROWS, Dim.of(64)));
    Arg image = builder.input("image", floats(2, 3, 8, 8));
    Arg boxes = builder.input("boxes", floats(5, 5));
    Arg grid = builder.input("grid", floats(2, 4, 4, 2));
    Arg steps = builder.input("steps", floats(7, 2, 8));
    Arg state = builder.input("state", floats(1, 2, 16));
    List<Arg> weights =
        List.of(builder.input("w", floats(64, 8)), builder.input("u", floats(64, 16)));
    Arg sums = call("cumsum", x, 0);
    Arg rows = call("zeros", List.of(100, 64));
    return builder.build(
        List.of(
            sums,
            calls("cummax", x, 1).get(1),
            call("searchsorted.Tensor", call("select.int", sums, 1, 0), x),
            call("index_add", rows, 0, places, x),
            call("index_put", rows, List.of(places), x, true),
            call("masked_scatter", x, mask, x),
            calls("sort.stable", y, true, 0, true).get(1),
            calls("topk", x, 4, 1, true, true).get(1),
            call("median", x),
            calls("mode", y, 1, false).getFirst(),
            call("grid_sampler_2d", image, grid, 0, 0, false),
            call("torchvision::roi_align", image, boxes, 0.5, 2, 2, 2, true),
            call(
                "lstm.input",
                steps,
                List.of(state, state),
                weights,
                false,
                1,
                0.0,
                false,
                false,
                false)));
  }

  private static AitCompiler compiler(Path cache) {
    return new AitCompiler(
        CompilerSettings.defaults()
            .withCacheDir(cache)
            .withTarget(new CudaTarget(List.of("sm_80", "sm_90a"))));
  }

  @Test
  void everyFunctionOfTheTableIsCalled() {
    assertThat(
            compiler(cache).plan(all()).kernels().stream()
                .map(CompileReport.KernelReport::kind)
                .collect(Collectors.toSet()))
        .containsAll(GpuFunction.names());
  }

  @Test
  void compilesForAmpereAndHopper() {
    CudaCompiler.assumed(cache);
    try (Arena arena = Arena.ofConfined()) {
      assertThat(compiler(cache).compile(all(), arena).library()).exists();
    }
  }
}
