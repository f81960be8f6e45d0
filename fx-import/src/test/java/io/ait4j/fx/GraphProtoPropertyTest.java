package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.ait4j.fx.proto.ApplyMessage;
import io.ait4j.fx.proto.ArgList;
import io.ait4j.fx.proto.ArgMessage;
import io.ait4j.fx.proto.AtomMessage;
import io.ait4j.fx.proto.DimMessage;
import io.ait4j.fx.proto.GraphMessage;
import io.ait4j.fx.proto.NodeMessage;
import io.ait4j.fx.proto.SymbolMessage;
import io.ait4j.fx.proto.TermMessage;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Graphs of every kind come back bit by bit; bytes of every kind are read or refused. */
class GraphProtoPropertyTest {
  private static Map<String, MemorySegment> data(FxGraph graph) {
    Map<String, MemorySegment> data = new HashMap<>();
    graph.weights().forEach((name, weight) -> data.put(name, weight.data()));
    graph.signature().states().forEach(s -> data.put(s.input(), s.initial().data()));
    return data;
  }

  @Property(tries = 1000)
  void everyGraphComesBackBitByBit(@ForAll long seed) {
    FxGraph graph = new RandomGraphs(seed).graph();
    ByteString bytes = GraphProto.toProto(graph).toByteString();
    FxGraph read = GraphProto.fromProto(bytes.toByteArray(), data(graph)::get);
    assertThat(GraphDiff.between(graph, read)).isEmpty();
    assertThat(GraphProto.toProto(read).toByteString()).isEqualTo(bytes);
  }

  @Property(tries = 3000)
  void damagedBytesAreReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = GraphProto.toProto(new RandomGraphs(random.nextInt(60)).graph()).toByteArray();
    for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    read(bytes);
  }

  private static String read(byte[] bytes) {
    try {
      GraphProto.fromProto(bytes, name -> null);
      return "";
    } catch (IllegalArgumentException | ModelException e) {
      return e.getMessage();
    }
  }

  private static String read(ArgMessage arg) {
    NodeMessage node = NodeMessage.newBuilder().setName("n").setTarget("a::b").addArgs(arg).build();
    return read(GraphMessage.newBuilder().addNodes(node).build().toByteArray());
  }

  private static String read(DimMessage dim) {
    return read(ArgMessage.newBuilder().setSymInt(dim).build());
  }

  @Test
  void endlessNestingIsRefused() {
    ArgMessage arg = ArgMessage.getDefaultInstance();
    GraphMessage graph = GraphMessage.getDefaultInstance();
    DimMessage dim = number(7);
    for (int i = 0; i < 400; i++) {
      arg = ArgMessage.newBuilder().setSequence(ArgList.newBuilder().addElements(arg)).build();
      NodeMessage node = NodeMessage.newBuilder().setTarget("a::b").addBlocks(graph).build();
      graph = GraphMessage.newBuilder().addNodes(node).build();
      dim = applied(ApplyMessage.Op.MAX, dim, symbol("s" + i, 0, 9));
    }
    assertThat(read(arg)).contains("too many levels of nesting");
    assertThat(read(graph.toByteArray())).contains("too many levels of nesting");
    assertThat(read(dim)).contains("too many levels of nesting");
  }

  @Test
  void deepSizesComeBack() {
    Dim dim = Dim.symbol("n", 1, Dim.UNBOUNDED);
    for (int i = 0; i < 30; i++) {
      dim = dim.plus(i).floorDiv(Dim.symbol("k" + i, 2, 9)).min(Dim.symbol("m" + i, 0, 99));
    }
    FxGraph graph =
        new FxGraph(
            java.util.List.of(),
            java.util.List.of(),
            java.util.List.of(),
            java.util.List.of(new Arg.SymInt(dim)),
            Map.of());
    byte[] bytes = GraphProto.toProto(graph).toByteArray();
    assertThat(GraphProto.fromProto(bytes, name -> null)).isEqualTo(graph);
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThat(read(applied(ApplyMessage.Op.FLOOR_DIV, symbol("s", 0, 9), number(0))))
        .contains("divided by 0");
    assertThat(read(applied(ApplyMessage.Op.MOD, symbol("s", 0, 9), number(-3))))
        .contains("divided by -3");
    assertThat(read(symbol("s", 5, 2))).contains("min 5 is above max 2");
    DimMessage.Builder huge = DimMessage.newBuilder();
    huge.addTerms(TermMessage.newBuilder().setCoefficient(Long.MAX_VALUE));
    huge.addTerms(TermMessage.newBuilder().setCoefficient(Long.MAX_VALUE));
    assertThat(read(huge.build())).contains("overflow");
    DimMessage.Builder many = DimMessage.newBuilder();
    for (int i = 0; i < 100_000; i++) {
      many.addTerms(
          TermMessage.newBuilder().setCoefficient(1).addAtoms(atom(symbolMessage("s" + i, 0, 9))));
    }
    assertThat(read(many.build())).contains("100000 terms");
    DimMessage unknown =
        DimMessage.newBuilder(applied(ApplyMessage.Op.MAX, number(1), number(2))).build();
    ApplyMessage apply =
        unknown.getTerms(0).getAtoms(0).getApply().toBuilder().setOpValue(77).build();
    assertThat(
            read(
                DimMessage.newBuilder()
                    .addTerms(
                        TermMessage.newBuilder()
                            .setCoefficient(1)
                            .addAtoms(AtomMessage.newBuilder().setApply(apply)))
                    .build()))
        .contains("unknown operation");
  }

  private static DimMessage number(long value) {
    return DimMessage.newBuilder().addTerms(TermMessage.newBuilder().setCoefficient(value)).build();
  }

  private static AtomMessage atom(SymbolMessage symbol) {
    return AtomMessage.newBuilder().setSymbol(symbol).build();
  }

  private static SymbolMessage symbolMessage(String name, long min, long max) {
    return SymbolMessage.newBuilder().setName(name).setMin(min).setMax(max).build();
  }

  private static DimMessage symbol(String name, long min, long max) {
    return DimMessage.newBuilder()
        .addTerms(
            TermMessage.newBuilder()
                .setCoefficient(1)
                .addAtoms(atom(symbolMessage(name, min, max))))
        .build();
  }

  private static DimMessage applied(ApplyMessage.Op op, DimMessage left, DimMessage right) {
    ApplyMessage apply = ApplyMessage.newBuilder().setOp(op).setLeft(left).setRight(right).build();
    return DimMessage.newBuilder()
        .addTerms(
            TermMessage.newBuilder()
                .setCoefficient(1)
                .addAtoms(AtomMessage.newBuilder().setApply(apply)))
        .build();
  }
}
