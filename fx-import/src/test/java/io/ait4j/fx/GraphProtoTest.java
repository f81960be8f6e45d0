package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphProtoTest {
  private final MemorySegment data = Arena.ofAuto().allocate(24);

  private FxGraph graph() {
    Dim n = Dim.symbol("n", 2, 64);
    Dim open = Dim.symbol("m", 0, Dim.UNBOUNDED);
    Dim index = Dim.index("i", n);
    Dim odd = n.times(n).times(-3).plus(open.floorDiv(4)).plus(index.mod(open)).minus(7);
    TensorMeta dynamic =
        TensorMeta.contiguous(DType.FLOAT32, List.of(n, odd, n.min(open), n.max(open)));
    TensorMeta weight = new TensorMeta(DType.FLOAT32, Dim.ofAll(2, 3), Dim.ofAll(1, 2));
    FxGraph block =
        new FxGraph(
            List.of(new FxValue("step", new ValueMeta.Scalar(DType.INT64))),
            List.of(),
            List.of(),
            List.of(new Arg.Value("w"), new Arg.Bool(true)),
            Map.of());
    FxNode node =
        new FxNode(
            "node",
            OpTarget.parse("prim::Loop"),
            List.of(
                new Arg.Value("x"),
                new Arg.Int(Long.MIN_VALUE),
                new Arg.Float(Double.NaN),
                new Arg.Float(-0.0),
                new Arg.Str(""),
                Arg.NONE,
                new Arg.SymInt(odd),
                new Arg.Type(DType.BFLOAT16),
                new Arg.Device("cpu"),
                new Arg.MemoryFormat("channels_last"),
                new Arg.Layout("strided"),
                new Arg.Sequence(List.of(new Arg.Sequence(List.of()), new Arg.Bool(false)))),
            List.of(
                new FxValue("y", new ValueMeta.Opaque("Tensor")),
                new FxValue("z", new ValueMeta.Sequence(List.of(dynamic)))),
            List.of(block),
            "model.py:3");
    return new FxGraph(
        List.of(new FxValue("x", dynamic)),
        List.of(new FxValue("w", weight)),
        List.of(node),
        List.of(new Arg.Value("y"), new Arg.Int(0)),
        Map.of("w", new Weight("layer.weight", weight, data)));
  }

  @Test
  void everythingComesBack() {
    FxGraph graph = graph();
    FxGraph read =
        GraphProto.fromProto(
            GraphProto.toProto(graph).toByteArray(), name -> name.equals("w") ? data : null);
    assertThat(read).isEqualTo(graph);
    Dim.Symbol n = read.inputs().getFirst().tensor().shape().getFirst().symbols().iterator().next();
    assertThat(List.of(n.min(), n.max())).containsExactly(2L, 64L); // equality is by name only
  }

  @Test
  void weightsMayBeLeftOut() {
    FxGraph read = GraphProto.fromProto(GraphProto.toProto(graph()).toByteArray(), name -> null);
    assertThat(read.attributes()).isEqualTo(graph().attributes());
    assertThat(read.weights()).isEmpty();
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> GraphProto.fromProto(new byte[] {1, 2, 3}, name -> null))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] noMeta = {10, 3, 10, 1, 'x'}; // an input called x without a type
    assertThatThrownBy(() -> GraphProto.fromProto(noMeta, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no type");
  }
}
