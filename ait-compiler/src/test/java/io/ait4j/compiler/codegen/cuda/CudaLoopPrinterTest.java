package io.ait4j.compiler.codegen.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.convert.Converters;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.pass.Pipeline;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLoopPrinterTest {
  private static final Arg.Int ONE = new Arg.Int(1);
  private static final Arg.Bool NO = new Arg.Bool(false);

  @TempDir Path folder;

  private static TensorMeta tensor(DType dtype, long... shape) {
    return TensorMeta.contiguous(dtype, shape);
  }

  private static TensorMeta channelsLast(DType dtype, long n, long c, long h, long w) {
    return new TensorMeta(dtype, Dim.ofAll(n, c, h, w), Dim.ofAll(h * w * c, 1, w * c, c));
  }

  private static List<CudaKernelText> print(
      List<TensorMeta> inputs, BiFunction<FxGraphBuilder, List<Arg>, Arg> body) {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    List<Arg> values = new ArrayList<>();
    inputs.forEach(meta -> values.add(builder.input("x", meta)));
    Program converted =
        new Converters().convert(builder.build(List.of(body.apply(builder, values)))).program();
    Schedule schedule =
        Pipeline.run(
            converted,
            new CudaTarget(List.of("sm_90a")),
            Precision.FP32,
            Set.of(),
            (pass, program) -> {});
    List<CudaKernelText> texts = new ArrayList<>();
    for (Kernel kernel : schedule.program().kernels()) {
      texts.add(CudaLoopPrinter.print(schedule.program(), (LoopKernel) kernel));
    }
    return texts;
  }

  private static String device(List<CudaKernelText> texts) {
    assertThat(texts).hasSize(1);
    return texts.getFirst().device();
  }

  private static List<CudaKernelText> add(TensorMeta left, TensorMeta right) {
    return print(
        List.of(left, right), (b, in) -> b.call("aten::add.Tensor", in.get(0), in.get(1), ONE));
  }

  private static List<CudaKernelText> transposed(DType dtype, long rows, long columns) {
    return print(
        List.of(tensor(dtype, rows, columns)),
        (b, in) ->
            b.call(
                "aten::clone", b.call("aten::permute", in.get(0), Arg.ints(1, 0)), new Arg.Int(0)));
  }

  private static List<CudaKernelText> sum(TensorMeta x, long... dims) {
    return print(
        List.of(x),
        (b, in) -> b.call("aten::sum.dim_IntList", in.get(0), Arg.ints(dims), NO, Arg.NONE));
  }

  private static List<CudaKernelText> softmax(DType dtype, long... shape) {
    return print(
        List.of(tensor(dtype, shape)),
        (b, in) -> b.call("aten::_softmax", in.get(0), new Arg.Int(-1), NO));
  }

  private static List<CudaKernelText> layerNorm(DType dtype, long rows, long columns) {
    return print(
        List.of(tensor(dtype, rows, columns), tensor(dtype, columns), tensor(dtype, columns)),
        (b, in) ->
            b.call(
                "aten::layer_norm",
                in.get(0),
                Arg.ints(columns),
                in.get(1),
                in.get(2),
                new Arg.Float(1e-5),
                NO));
  }

  @Test
  void whatLiesSideBySideMovesInSixteenBytes() {
    TensorMeta halves = tensor(DType.FLOAT16, 64, 96);
    List<CudaKernelText> text = add(halves, halves);
    assertThat(device(text)).contains("ait::Vector<ait::float16, 8>", "@_v0(", "@_v1(");
    assertThat(text.getFirst().host()).contains("% 16 == 0"); // the caller may not have aligned it
    TensorMeta floats = tensor(DType.FLOAT32, 64, 96);
    assertThat(device(add(floats, floats))).contains("ait::Vector<float, 4>");
  }

  @Test
  void placesHaveAsManyBitsAsTheirBoundsNeed() {
    Dim bounded = Dim.symbol("n", 1, 4096);
    Dim unbounded = Dim.symbol("n", 1, Dim.UNBOUNDED);
    TensorMeta small = TensorMeta.contiguous(DType.FLOAT32, List.of(bounded, Dim.of(8)));
    TensorMeta large = TensorMeta.contiguous(DType.FLOAT32, List.of(unbounded, Dim.of(8)));
    assertThat(device(add(small, small))).contains("const int s0").doesNotContain("int64_t");
    assertThat(device(add(large, large))).contains("const int64_t s0");
  }

  @Test
  void aRowStaysInRegisters() {
    assertThat(device(layerNorm(DType.FLOAT16, 4096, 768)))
        .contains("ait::combine_group<ait::Sum, 32>")
        .doesNotContain("extern __shared__");
    assertThat(device(softmax(DType.FLOAT32, 64, 4096))).doesNotContain("extern __shared__");
  }

  @Test
  void aTransposeGoesThroughTiles() {
    assertThat(device(transposed(DType.FLOAT32, 100, 200))).contains("__shared__", "[32][33]");
    assertThat(device(transposed(DType.FLOAT32, 100, 3))).doesNotContain("__shared__");
  }

  @Test
  void planesThatBecomePixelsAreReadInRuns() {
    assertThat(device(transposed(DType.FLOAT16, 3, 50_176)))
        .contains("ait::Vector<ait::float16, 8> out[3]");
  }

  @Test
  void sumsAcrossMemoryTakeColumnsSideBySide() {
    assertThat(device(sum(channelsLast(DType.FLOAT32, 64, 2048, 7, 7), 2, 3)))
        .contains("ait::Vector<float, 4>")
        .doesNotContain("combine_group");
  }

  @Test
  void pointsOfReductionsAreCountedWithoutTheirThreads() {
    TensorMeta left = tensor(DType.FLOAT32, 16_384, 1, 512);
    List<CudaKernelText> text =
        print(
            List.of(left, tensor(DType.FLOAT32, 1, 16_384, 512)),
            (b, in) ->
                b.call(
                    "aten::sum.dim_IntList",
                    b.call("aten::sub.Tensor", in.get(0), in.get(1), ONE),
                    Arg.ints(2),
                    NO,
                    Arg.NONE));
    // 2^28 points of 32 threads are more threads than 32 bits count
    assertThat(device(text)).contains("unsigned(blockIdx.x) * 8u + threadIdx.x / 32;");
    assertThat(text.getFirst().host()).contains("((268435456) + 7) / 8");
  }

  @Test
  void aLongSumToFewIsSharedInTwoSteps() {
    List<CudaKernelText> text = sum(tensor(DType.FLOAT32, 4096, 4096), 0, 1);
    assertThat(text).hasSize(2);
    assertThat(sum(tensor(DType.FLOAT32, 4096, 4096), 1)).hasSize(1);
  }

  @Test
  void planesThatLieOddlyAreNotReadInRuns() {
    List<CudaKernelText> text =
        print(
            List.of(tensor(DType.FLOAT16, 3, 50_176), tensor(DType.FLOAT16, 3, 50_177)),
            (b, in) -> {
              Arg part =
                  b.call(
                      "aten::slice.Tensor",
                      in.get(1),
                      ONE,
                      new Arg.Int(0),
                      new Arg.Int(50_176),
                      ONE);
              Arg sum = b.call("aten::add.Tensor", in.get(0), part, ONE);
              return b.call(
                  "aten::clone", b.call("aten::permute", sum, Arg.ints(1, 0)), new Arg.Int(0));
            });
    assertThat(device(text)).contains("out[3]").containsPattern("\\.load\\(p0");
    assertThat(device(text))
        .doesNotContainPattern("\\.load\\(p1"); // the first is aligned, if p1 is
  }

  private static List<CudaKernelText> embedding(Dim rows, long columns) {
    TensorMeta table = TensorMeta.contiguous(DType.FLOAT32, List.of(rows, Dim.of(columns)));
    return print(
        List.of(table, tensor(DType.INT64, 3, 5)),
        (b, in) -> b.call("aten::embedding", in.get(0), in.get(1), new Arg.Int(-1), NO, NO));
  }

  @Test
  void anEmptyTableIsNotRead() {
    Dim rows = Dim.symbol("n", 0, 100);
    assertThat(device(embedding(rows, 24))).contains("if (s0 > 0)", "(s0 > 0 ? p1[");
    assertThat(device(embedding(Dim.of(50), 24))).doesNotContain("> 0");
  }

  @Test
  void kernelsCompile() throws Exception {
    List<CudaKernelText> texts = new ArrayList<>();
    for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64)) {
      texts.addAll(add(tensor(dtype, 7, 9), tensor(dtype, 9)));
      texts.addAll(softmax(dtype, 30, 77));
      texts.addAll(softmax(dtype, 2, 50_000));
      texts.addAll(layerNorm(dtype, 64, 768));
      texts.addAll(transposed(dtype, 64, 80));
      texts.addAll(transposed(dtype, 33, 35));
      texts.addAll(transposed(dtype, 3, 160));
      texts.addAll(sum(channelsLast(dtype, 2, 64, 9, 9), 2, 3));
      texts.addAll(sum(tensor(dtype, 3, 100_000), 1));
    }
    for (DType dtype : List.of(DType.INT8, DType.UINT8, DType.INT16, DType.INT32, DType.INT64)) {
      texts.addAll(add(tensor(dtype, 700), tensor(dtype, 700)));
      texts.addAll(transposed(dtype, 64, 80));
      texts.addAll(
          print(
              List.of(tensor(dtype, 5, 200)),
              (b, in) -> b.call("aten::amax", in.get(0), Arg.ints(1), NO)));
    }
    texts.addAll(embedding(Dim.of(50), 24));
    texts.addAll(embedding(Dim.symbol("n", 0, 100), 24));
    texts.addAll(
        print(
            List.of(channelsLast(DType.FLOAT16, 2, 32, 15, 17)),
            (b, in) ->
                b.call(
                    "aten::max_pool2d",
                    in.get(0),
                    Arg.ints(3, 3),
                    Arg.ints(2, 2),
                    Arg.ints(1, 1),
                    Arg.ints(1, 1),
                    NO)));
    Nvcc.compiles(folder, texts, "sm_80", "sm_90a");
  }
}
