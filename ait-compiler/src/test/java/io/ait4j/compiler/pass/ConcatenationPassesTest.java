package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loaded;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Concatenations that need not exist. */
class ConcatenationPassesTest {
  private static final Pass[] UP_TO_PARTS = {
    new FoldViews(),
    new RecogniseRolls(),
    new FoldViews(),
    new RemoveDeadCode(),
    new FuseConsumers(),
    new FuseProducers(),
    new WriteInPlace(),
    new ReadParts(),
    new RemoveDeadCode()
  };

  private static Arg slice(FxGraphBuilder b, Arg x, long dim, long from, long to) {
    return b.call(
        "aten::slice.Tensor",
        x,
        new Arg.Int(dim),
        new Arg.Int(from),
        new Arg.Int(to),
        new Arg.Int(1));
  }

  private static Arg cat(FxGraphBuilder b, long dim, Arg... parts) {
    return b.call("aten::cat", new Arg.Sequence(List.of(parts)), new Arg.Int(dim));
  }

  /** {@code x * cos + cat(-x2, x1) * sin}. */
  private static Program rotary(boolean readTwice) {
    return converted(
        List.of(floats(3, 5, 8), floats(5, 8), floats(5, 8)),
        (b, in) -> {
          Arg x = in.get(0);
          Arg turned = cat(b, 2, b.call("aten::neg", slice(b, x, 2, 4, 8)), slice(b, x, 2, 0, 4));
          Arg y =
              b.call(
                  "aten::add.Tensor",
                  b.call("aten::mul.Tensor", x, in.get(1)),
                  b.call("aten::mul.Tensor", turned, in.get(2)));
          return readTwice ? List.of(y, turned) : List.of(y);
        });
  }

  @Test
  void aRotaryEmbeddingIsOneKernelWithoutTheTurnedHalves() {
    Program before = rotary(false);
    assertThat(before.kernels()).hasSizeGreaterThan(6);
    Program after = run(before, UP_TO_PARTS);
    assertThat(after.kernels()).hasSize(1);
    LoopKernel kernel = loops(after).getFirst();
    assertThat(kernel.stages()).hasSize(2);
    assertThat(kernel.reads()).containsExactlyInAnyOrderElementsOf(after.inputs());
  }

  @Test
  void halvesThatAreAnOutputAreStored() {
    Program after = run(rotary(true), UP_TO_PARTS);
    assertThat(after.writers().get(after.outputs().get(1))).hasSize(2);
  }

  @Test
  void aRollIsAView() {
    Program before =
        converted(
            List.of(floats(6, 8)),
            (b, in) -> {
              Arg x = b.call("aten::exp", in.get(0));
              x = cat(b, 0, slice(b, x, 0, 2, 6), slice(b, x, 0, 0, 2));
              x = cat(b, 1, slice(b, x, 1, 5, 8), slice(b, x, 1, 0, 5));
              return List.of(b.call("aten::sin", x));
            });
    Program after = run(before, UP_TO_PARTS);
    assertThat(after.kernels()).hasSize(1);
    assertThat(loaded(loops(after).getFirst().stage().body()))
        .containsExactlyElementsOf(after.inputs());
  }

  @Test
  void partsInAnotherOrderOrOfOthersAreNoRoll() {
    Program before =
        converted(
            List.of(floats(6, 8), floats(6, 8)),
            (b, in) -> {
              Arg x = in.get(0);
              Arg y = in.get(1);
              return List.of(
                  cat(b, 0, slice(b, x, 0, 2, 6), slice(b, y, 0, 0, 2)),
                  cat(b, 0, slice(b, x, 0, 4, 6), slice(b, x, 0, 2, 4), slice(b, x, 0, 0, 2)));
            });
    Program views = run(before, new FoldViews());
    assertThat(run(views, new RecogniseRolls())).isEqualTo(views);
  }

  private static Program shared(Program before) {
    return run(before, new FoldViews(), new RemoveDeadCode(), new ShareConcatenations());
  }

  private static List<Concatenation> concatenations(Program program) {
    return Concatenation.all(program);
  }

  /** What each layer makes of all before it, {@code layers} of them; the last list is summed. */
  private static Program denseBlock(int layers) {
    return converted(
        List.of(floats(2, 3, 5, 5)),
        (b, in) -> {
          List<Arg> list = new ArrayList<>();
          list.add(b.call("aten::exp", in.get(0)));
          for (int i = 0; i < layers; i++) {
            Arg all = list.size() == 1 ? list.getFirst() : cat(b, 1, list.toArray(Arg[]::new));
            Arg weight = Programs.weight(b, "w" + i, 4, 3 + 4 * i, 3, 3);
            list.add(Programs.convolution(b, b.call("aten::relu", all), weight, 1, 1));
          }
          return List.of(b.call("aten::sin", cat(b, 1, list.toArray(Arg[]::new))));
        });
  }

  @Test
  void theListsOfADenseBlockAreOneBufferThatIsNeverCopied() {
    Program before = denseBlock(4);
    assertThat(concatenations(before)).hasSize(4);
    Program after = shared(before);
    assertThat(concatenations(after)).hasSize(1);
    assertThat(concatenations(after).getFirst().parts()).hasSize(5);
    Program fused = run(after, new FuseConsumers(), new FuseProducers(), new WriteInPlace());
    assertThat(fused.kernels()).hasSize(1 + 4 + 4 + 1); // exp, relu and convolution of each, sin
    Program alone =
        run(
            before,
            new FoldViews(),
            new RemoveDeadCode(),
            new FuseConsumers(),
            new FuseProducers(),
            new WriteInPlace());
    assertThat(alone.kernels()).hasSizeGreaterThan(15);
  }

  @Test
  void partsInTheMiddleOfAnotherListAreReadThere() {
    Program after =
        shared(
            converted(
                List.of(floats(2, 3), floats(2, 4), floats(2, 5)),
                (b, in) ->
                    List.of(
                        b.call("aten::sin", cat(b, 1, in.get(1), in.get(2))),
                        b.call(
                            "aten::cos", cat(b, 1, in.get(0), in.get(1), in.get(2), in.get(0))))));
    assertThat(concatenations(after)).hasSize(1);
    String whole = concatenations(after).getFirst().buffer().name();
    assertThat(
            loops(after).stream()
                .flatMap(loop -> loop.stage().body().loads().stream())
                .filter(load -> load.buffer().equals(whole))
                .map(load -> load.index().getLast().substitute(s -> Dim.ZERO)))
        .containsExactlyInAnyOrder(Dim.of(3), Dim.ZERO);
  }

  @Test
  void otherPartsAnotherOrderAndAnotherDimensionAreNotShared() {
    Program before =
        converted(
            List.of(floats(4, 4), floats(4, 4), floats(4, 4)),
            (b, in) ->
                List.of(
                    b.call("aten::sin", cat(b, 1, in.get(1), in.get(0))),
                    b.call("aten::sin", cat(b, 0, in.get(0), in.get(1))),
                    b.call("aten::sin", cat(b, 1, in.get(0), in.get(2))),
                    b.call("aten::sin", cat(b, 1, in.get(0), in.get(1), in.get(2)))));
    assertThat(concatenations(shared(before))).hasSize(4);
  }

  @Test
  void aListThatIsReshapedAcrossItsPartsStaysDense() {
    Program before =
        converted(
            List.of(floats(2, 3, 4), floats(2, 3, 4), floats(2, 3, 4)),
            (b, in) -> {
              Arg two = cat(b, 1, in.get(0), in.get(1));
              Arg three = cat(b, 1, in.get(0), in.get(1), in.get(2));
              Arg flat = b.call("aten::view", two, Arg.ints(2, 24));
              return List.of(
                  b.call("aten::mm", flat, Programs.weight(b, "w", 24, 5)),
                  b.call("aten::sin", three));
            });
    assertThat(concatenations(shared(before))).hasSize(2);
  }

  /** {@code x} after its first row, which is repeated: {@code rows} and 9. */
  private static Arg padded(FxGraphBuilder b, Arg x, long rows) {
    Arg front = b.call("aten::expand", slice(b, x, 1, 0, 1), Arg.ints(2, rows, 4));
    return cat(b, 1, front, x);
  }

  @Test
  void partsThatRepeatOneElementOftenerAreOthers() {
    Program after =
        shared(
            converted(
                List.of(floats(2, 9, 4)),
                (b, in) -> {
                  Arg x = b.call("aten::exp", in.getFirst());
                  return List.of(
                      b.call("aten::sin", padded(b, x, 2)),
                      b.call("aten::sin", padded(b, x, 5)),
                      b.call("aten::cos", padded(b, x, 5)));
                }));
    assertThat(concatenations(after).stream().map(c -> c.buffer().shape().get(1)))
        .containsExactlyInAnyOrder(Dim.of(11), Dim.of(14));
  }

  /** The lists {@code (x, a)} and {@code (x, a, y)}, {@code y} made from the first. */
  private static void sharesThroughThePipeline(
      long[] shape, int dim, BiFunction<FxGraphBuilder, Arg, Arg> last) {
    Program before =
        converted(
            List.of(floats(shape)),
            (b, in) -> {
              Arg x = b.call("aten::exp", in.getFirst());
              Arg a = b.call("aten::sin", in.getFirst());
              Arg y = last.apply(b, cat(b, dim, x, a));
              return List.of(b.call("aten::cos", cat(b, dim, x, a, y)));
            });
    Pipeline.run(
        before,
        (name, program) -> {
          if (name.equals("share concatenations")) {
            assertThat(concatenations(program)).hasSize(1);
          }
        });
  }

  private static Arg layer(FxGraphBuilder b, Arg list) {
    Arg weight = Programs.weight(b, "w", 8, 16, 3, 3);
    return Programs.convolution(b, b.call("aten::relu", list), weight, 1, 1);
  }

  @Test
  void anEpilogueThatReadsTheListIsNotPushedIntoTheProductThatWritesIt() {
    sharesThroughThePipeline(
        new long[] {2, 8, 5, 5},
        1,
        (b, list) -> {
          Arg c = layer(b, list);
          Arg y = b.call("aten::mul.Tensor", c, b.call("aten::sigmoid", c));
          return b.call("aten::add.Tensor", y, slice(b, list, 1, 0, 8));
        });
  }

  @Test
  void whatReadsTheListIsNotPulledIntoTheProductThatWritesIt() {
    sharesThroughThePipeline(
        new long[] {2, 8, 5, 5},
        1,
        (b, list) ->
            b.call(
                "aten::add.Tensor", layer(b, list), b.call("aten::neg", slice(b, list, 1, 0, 8))));
  }

  @Test
  void scoresFromTheListAreNoPartOfAttentionThatWritesIt() {
    sharesThroughThePipeline(
        new long[] {2, 7, 8},
        2,
        (b, list) -> {
          Arg scores = b.call("aten::bmm", list, b.call("aten::permute", list, Arg.ints(0, 2, 1)));
          Arg weights = b.call("aten::_softmax", scores, new Arg.Int(-1), new Arg.Bool(false));
          return b.call("aten::bmm", weights, Programs.weight(b, "v", 2, 7, 8));
        });
  }
}
