package io.ait4j.compiler.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSupport.Verdict;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused, and that the reason says why. */
class ConvertersTest {
  private final Converters converters = new Converters();
  private final FxGraphBuilder builder = new FxGraphBuilder(null);

  private static TensorMeta floats(long... shape) {
    return TensorMeta.contiguous(DType.FLOAT32, shape);
  }

  private Verdict verdict(Arg output) {
    FxGraph graph = builder.build(List.of(output));
    return converters.test(graph, graph.nodes().getLast());
  }

  @Test
  void takesWhatItConverts() {
    Arg x = builder.input("x", floats(2, 3));
    Verdict verdict = verdict(builder.call("aten::mm", x, builder.input("y", floats(3, 5))));
    assertThat(verdict.supported()).isTrue();
    assertThat(verdict.flops()).isEqualTo(2 * 2 * 3 * 5);
  }

  @Test
  void functionsFromElsewhereAreNotForGpus() {
    FxGraph graph =
        builder.build(List.of(builder.call("aten::msort", builder.input("x", floats(5)))));
    Header own = new Header("their_sort.h", "");
    Converter theirs = cx -> cx.function(own, "sort").read(0).write(0).emit();
    CudaTarget gpu = new CudaTarget(List.of("sm_90a"));
    Converters converters = new Converters(gpu, List.of(new Added(Map.of("aten::msort", theirs))));
    assertThat(converters.test(graph, graph.nodes().getLast()).reason())
        .contains("the function sort of their_sort.h has no kernel for GPUs");
    assertThat(new Converters(gpu, List.of()).test(graph, graph.nodes().getLast()).supported())
        .isTrue();
  }

  /** Of a jar beside ours. */
  private record Added(Map<String, Converter> converters) implements ConverterProvider {}

  private static void refused(Map<String, Converter> converters, String problem) {
    assertThatThrownBy(() -> new Converters(CpuTarget.NATIVE, List.of(new Added(converters))))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(Added.class.getName(), "test-classes", problem);
  }

  @Test
  void addedConvertersThatAreNoneAreRefusedByTheirProvider() {
    Converter converter = new PointwiseConverters().converters().get("aten::clone");
    refused(Map.of("scale", converter), "'scale' has no namespace");
    refused(Collections.singletonMap("myops::scale", null), "myops::scale has no converter");
    refused(null, "NullPointerException");
    assertThat(
            new Converters(CpuTarget.NATIVE, List.of(new Added(Map.of("myops::scale", converter))))
                .targets())
        .contains(OpTarget.parse("myops::scale"), OpTarget.parse("aten::mm"));
  }

  @Test
  void refusesComplexNumbersByName() {
    Arg x = builder.input("x", TensorMeta.contiguous(DType.COMPLEX64, 3));
    assertThat(verdict(builder.call("aten::neg", x)).reason())
        .isEqualTo("%x is complex64, which is not compiled");
  }

  @Test
  void refusesSizesThatMayOrMayNotBroadcast() {
    Dim n = Dim.symbol("n", 1, 16);
    Dim m = Dim.symbol("m", 1, 16);
    Arg x = builder.input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(n, Dim.of(4))));
    Arg y = builder.input("y", TensorMeta.contiguous(DType.FLOAT32, List.of(m, Dim.of(4))));
    assertThat(verdict(builder.call("aten::relu", x)).supported()).isTrue();
    FxValue sum = new FxValue("sum", TensorMeta.contiguous(DType.FLOAT32, List.of(n, Dim.of(4))));
    FxNode add =
        new FxNode(
            "sum",
            OpTarget.parse("aten::add.Tensor"),
            List.of(x, y, new Arg.Int(1)),
            List.of(sum),
            "");
    FxGraph graph = builder.build(List.of(x)).withNodes(List.of(add));
    assertThat(converters.test(graph, add).reason()).isEqualTo("sizes m and n may differ");
    assertThatThrownBy(() -> converters.convert(graph))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("sizes m and n may differ");
  }

  @Test
  void refusesSizesThatDiffer() {
    Arg x = builder.input("x", floats(4));
    Arg y = builder.input("y", floats(5));
    FxValue sum = new FxValue("sum", floats(4));
    List<Arg> args = List.of(x, y, new Arg.Int(1));
    FxNode add = new FxNode("sum", OpTarget.parse("aten::add.Tensor"), args, List.of(sum), "");
    FxGraph graph = builder.build(List.of(x)).withNodes(List.of(add));
    assertThat(converters.test(graph, add).reason()).isEqualTo("sizes 5 and 4 differ");
  }

  /** A file may declare any size: what is planned by it is not counted out. */
  @Test
  void sizesBeyondAllMemoryAreNotEnumerated() {
    long huge = 1L << 40;
    Arg image = builder.input("x", floats(1, 1, huge, 3));
    Arg small = builder.input("y", floats(1, 1, 2, 2));
    Arg kernel = builder.input("w", floats(1, 1, 2, 2));
    Arg none = Arg.NONE;
    List<Arg> results =
        List.of(
            builder.call("aten::upsample_nearest2d", image, Arg.ints(huge + 7, 5), none, none),
            builder.call("aten::upsample_nearest2d", small, Arg.ints(huge + 7, 5), none, none),
            builder.call("aten::_adaptive_avg_pool2d", image, Arg.ints(huge / 3, 2)),
            builder.call("aten::max_pool2d", image, Arg.ints(huge / 2, 2), Arg.ints(huge, 1)),
            transposed(small, kernel, huge, 1),
            transposed(builder.input("z", floats(1, 1, 1, 2)), kernel, huge, 1),
            transposed(small, kernel, 3, huge));
    for (Arg result : results) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> assertThat(verdict(result)).isNotNull());
    }
    assertThat(verdict(results.get(4)).reason()).contains("strides");
    assertThat(verdict(results.get(5)).supported()).isTrue();
  }

  private Arg transposed(Arg x, Arg kernel, long stride, long dilation) {
    return builder.call(
        "aten::convolution",
        x,
        kernel,
        Arg.NONE,
        Arg.ints(stride, 1),
        Arg.ints(0, 0),
        Arg.ints(dilation, 1),
        new Arg.Bool(true),
        Arg.ints(0, 0),
        new Arg.Int(1));
  }

  @Test
  void refusesWhatItHasNoConverterFor() {
    FxNode node =
        new FxNode("n", OpTarget.parse("aten::nonsense"), List.of(), List.of(), "model.py:1");
    FxGraph graph = new FxGraph(List.of(), List.of(), List.of(node), List.of(), Map.of());
    assertThat(converters.test(graph, node).reason())
        .isEqualTo("no converter for aten::nonsense, which has no kernel yet");
    assertThatThrownBy(() -> converters.convert(graph))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no converter for aten::nonsense");
  }

  @Test
  void argumentsNobodyForesawAreAVerdictNotAnException() {
    builder.input("x", floats(2, 3));
    for (OpTarget target : converters.targets()) {
      for (List<Arg> args :
          List.of(
              List.<Arg>of(),
              List.<Arg>of(new Arg.Value("x")),
              List.<Arg>of(new Arg.Value("x"), new Arg.Str("?"), new Arg.Str("?"), Arg.NONE),
              List.<Arg>of(new Arg.Value("x"), Arg.ints(7, 8, 9), Arg.ints(7, 8, 9)),
              List.<Arg>of(new Arg.Int(1), new Arg.Int(99), new Arg.Int(99), new Arg.Int(99)))) {
        FxGraphBuilder own = new FxGraphBuilder(null);
        own.input("x", floats(2, 3));
        List<ValueMeta> types = List.of(floats(2, 3));
        List<Arg> results = own.append(target, args, types, List.of(), "");
        FxGraph graph = own.build(results);
        Verdict verdict = converters.test(graph, graph.nodes().getFirst());
        assertThat(verdict.supported() || !verdict.reason().isEmpty())
            .as(target.toString())
            .isTrue();
      }
    }
  }
}
