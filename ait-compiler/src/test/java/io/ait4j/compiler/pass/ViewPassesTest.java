package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loaded;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.writerOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moves of elements disappear into index maps, or are never made. */
class ViewPassesTest {

  @Test
  void viewsFoldIntoTheirReader() {
    Program before =
        converted(
            List.of(floats(4, 6)),
            (b, in) -> {
              Arg y = b.call("aten::view", in.get(0), Arg.ints(2, 2, 6));
              y = b.call("aten::permute", y, Arg.ints(2, 0, 1));
              y = b.call("aten::slice.Tensor", y, new Arg.Int(0), new Arg.Int(1), new Arg.Int(5));
              return List.of(b.call("aten::relu", y));
            });
    assertThat(before.kernels()).hasSize(5); // the last one copies to the output
    Program after = run(before, new FoldViews(), new RemoveDeadCode());
    assertThat(after.kernels()).hasSize(2);
    Stage relu = loops(after).getFirst().stage();
    assertThat(loaded(relu.body())).isEqualTo(before.inputs());
    List<Dim> axes = relu.axes().stream().map(Dim::of).toList();
    Dim row = axes.get(1).times(2).plus(axes.get(2));
    assertThat(relu.body().loads().getFirst().index()).isEqualTo(List.of(row, axes.get(0).plus(1)));
  }

  @Test
  void viewsFoldIntoReductionsAndBothReaders() {
    Program before =
        converted(
            List.of(floats(4, 6)),
            (b, in) -> {
              Arg y = b.call("aten::permute", in.get(0), Arg.ints(1, 0));
              return List.of(
                  b.call("aten::sum.dim_IntList", y, Arg.ints(1)), b.call("aten::exp", y));
            });
    Program after = run(before, new FoldViews(), new RemoveDeadCode());
    assertThat(after.kernels()).hasSize(before.kernels().size() - 1);
    assertThat(loops(after).stream().filter(k -> k.reads().contains(before.inputs().getFirst())))
        .hasSize(2);
  }

  @Test
  void aViewThatIsAnOutputIsOneCopy() {
    Program after =
        run(
            converted(
                List.of(floats(4, 6)),
                (b, in) -> List.of(b.call("aten::permute", in.get(0), Arg.ints(1, 0)))),
            new FoldViews(),
            new RemoveDeadCode());
    assertThat(after.kernels()).hasSize(1);
    assertThat(((LoopKernel) writerOf(after, 0)).stage().body()).isInstanceOf(Expr.Load.class);
  }

  @Test
  void aLookupOfAViewKeepsItsBinding() {
    TensorMeta indices = TensorMeta.contiguous(DType.INT64, 3);
    Program after =
        run(
            converted(
                List.of(floats(4, 10), indices),
                (b, in) -> {
                  Arg table = b.call("aten::permute", in.get(0), Arg.ints(1, 0));
                  return List.of(b.call("aten::embedding", table, in.get(1)));
                }),
            new FoldViews(),
            new RemoveDeadCode());
    LoopKernel lookup = loops(after).getFirst();
    assertThat(lookup.reads()).containsExactlyInAnyOrderElementsOf(after.inputs());
    assertThat(lookup.stage().body().loads().stream().filter(l -> !l.bindings().isEmpty()))
        .hasSize(1);
  }

  @Test
  void deadKernelsAndTheirBuffersGo() {
    Program whole =
        converted(
            List.of(floats(4), floats(4)),
            (b, in) -> {
              Arg y = b.call("aten::exp", in.get(0));
              return List.of(b.call("aten::neg", y), b.call("aten::abs", b.call("aten::sin", y)));
            });
    Program firstOnly =
        new Program(
            whole.buffers(),
            whole.kernels(),
            whole.inputs(),
            whole.outputs().subList(0, 1),
            List.of());
    Program after = run(firstOnly, new RemoveDeadCode());
    assertThat(whole.kernels()).hasSize(6);
    assertThat(after.kernels()).hasSize(3); // exp, neg, the copy
    assertThat(after.buffers()).doesNotContainKey(whole.outputs().get(1));
    assertThat(after.buffers()).containsKeys(whole.inputs().toArray(String[]::new));
  }

  @Test
  void resultsAreComputedWhereTheyAreWanted() {
    Program before =
        converted(
            List.of(floats(2, 3), floats(2, 5)),
            (b, in) -> {
              Arg x = b.call("aten::exp", in.get(0));
              Arg y = b.call("aten::sin", in.get(1));
              return List.of(b.call("aten::cat", new Arg.Sequence(List.of(x, y)), new Arg.Int(1)));
            });
    assertThat(before.kernels()).hasSize(5);
    Program after = run(before, new WriteInPlace());
    assertThat(after.kernels()).hasSize(2);
    assertThat(after.kernels()).allMatch(k -> k.writes().contains(after.outputs().getFirst()));
    Stage second = loops(after).getLast().stage();
    assertThat(second.index().getLast().minus(Dim.of(second.axes().getLast())))
        .isEqualTo(Dim.of(3));
  }

  @Test
  void otherReadersReadItThere() {
    Program before =
        converted(
            List.of(floats(2, 3), floats(2, 5)),
            (b, in) -> {
              Arg x = b.call("aten::exp", in.get(0));
              Arg joined =
                  b.call("aten::cat", new Arg.Sequence(List.of(x, in.get(1))), new Arg.Int(1));
              return List.of(joined, b.call("aten::sum.dim_IntList", x, Arg.ints(0)));
            });
    Program after = run(before, new WriteInPlace());
    String joined = after.outputs().getFirst();
    assertThat(after.writers().get(joined)).hasSize(2);
    assertThat(after.readers().get(joined)).hasSize(1);
  }

  @Test
  void nothingIsPlacedWhereItWouldBeReadByItsOwnWriter() {
    Program before =
        converted(
            List.of(floats(2, 3)),
            (b, in) -> {
              Arg x = b.call("aten::exp", in.get(0));
              return List.of(b.call("aten::cat", new Arg.Sequence(List.of(x, x)), new Arg.Int(0)));
            });
    Program after = run(before, new WriteInPlace());
    assertThat(after.kernels()).hasSize(3); // exp, and two copies straight to the output
    assertThat(after.kernels()).noneMatch(k -> k.reads().stream().anyMatch(k.writes()::contains));
  }
}
