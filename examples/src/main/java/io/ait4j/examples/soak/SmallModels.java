package io.ait4j.examples.soak;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.lower.AitLowerer;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Models that take and give rows of four equal numbers. */
final class SmallModels {
  static final int MOST_ROWS = 64;
  private static final long COLUMNS = 4;

  private SmallModels() {}

  /** Minus its input, of 1 to {@link #MOST_ROWS} rows. */
  static LoweredModule negative(Path folder) {
    TensorMeta rows =
        TensorMeta.contiguous(
            DType.FLOAT32, List.of(Dim.symbol("rows", 1, MOST_ROWS), Dim.of(COLUMNS)));
    FxGraph graph =
        new FxGraph(
            List.of(new FxValue("x", rows)),
            List.of(),
            List.of(node("y", "aten::neg", rows, List.of(new Arg.Value("x")))),
            List.of(new Arg.Value("y")),
            Map.of());
    return load(graph, folder.resolve("negative.aitm"));
  }

  /** The sum of all its inputs in a session, of 8 rows. */
  static LoweredModule accumulator(Path folder, Arena arena) {
    TensorMeta rows = TensorMeta.contiguous(DType.FLOAT32, 8, COLUMNS);
    Weight zero = new Weight("total", rows, filled(8, 0, arena).data());
    List<Arg> sum = List.of(new Arg.Value("total"), new Arg.Value("x"));
    FxGraph graph =
        new FxGraph(
                List.of(new FxValue("x", rows), new FxValue("total", rows)),
                List.of(),
                List.of(node("next", "aten::add.Tensor", rows, sum)),
                List.of(new Arg.Value("next"), new Arg.Value("next")),
                Map.of())
            .withSignature(
                new GraphSignature(
                    List.of(),
                    List.of(new GraphSignature.State("total", 1, zero)),
                    List.of(),
                    List.of()));
    return load(graph, folder.resolve("accumulator.aitm"));
  }

  /** Its input of 8 rows and the weight {@code w}, 0 at first, added. */
  static LoweredModule shifted(Path folder, Arena arena) {
    TensorMeta rows = TensorMeta.contiguous(DType.FLOAT32, 8, COLUMNS);
    FxGraph graph =
        new FxGraph(
            List.of(new FxValue("x", rows)),
            List.of(new FxValue("w", rows)),
            List.of(
                node(
                    "y",
                    "aten::add.Tensor",
                    rows,
                    List.of(new Arg.Value("x"), new Arg.Value("w")))),
            List.of(new Arg.Value("y")),
            Map.of("w", new Weight("w", rows, filled(8, 0, arena).data())));
    return load(graph, folder.resolve("shifted.aitm"));
  }

  private static FxNode node(String name, String target, TensorMeta type, List<Arg> args) {
    return new FxNode(name, OpTarget.parse(target), args, List.of(new FxValue(name, type)), "");
  }

  private static LoweredModule load(FxGraph graph, Path file) {
    try (Arena arena = Arena.ofShared()) {
      AitLowerer.lower(graph, LowerSettings.DEFAULT, arena, step -> {}).write(file);
    }
    return LoweredModule.load(file);
  }

  static NativeTensor filled(int rows, float value, Arena arena) {
    float[] values = new float[(int) (rows * COLUMNS)];
    java.util.Arrays.fill(values, value);
    return NativeTensor.contiguous(
        DType.FLOAT32,
        new long[] {rows, COLUMNS},
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  static void check(NativeTensor result, float value) {
    for (int i = 0; i < result.numel(); i++) {
      if (result.data().getAtIndex(ValueLayout.JAVA_FLOAT, i) != value) {
        throw new AssertionError(i + " is not " + value);
      }
    }
  }
}
