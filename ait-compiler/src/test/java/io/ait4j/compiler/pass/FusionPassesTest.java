package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static io.ait4j.compiler.pass.Programs.loaded;
import static io.ait4j.compiler.pass.Programs.loops;
import static io.ait4j.compiler.pass.Programs.run;
import static io.ait4j.compiler.pass.Programs.templates;
import static io.ait4j.compiler.pass.Programs.weight;
import static io.ait4j.compiler.pass.Programs.writerOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.fx.Arg;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kernels that become one, and kernels that must not. */
class FusionPassesTest {

  @Test
  void whatFollowsAProductBecomesItsEpilogue() {
    Program before =
        converted(
            List.of(floats(4, 8), floats(4, 16)),
            (b, in) -> {
              Arg y = b.call("aten::linear", in.get(0), weight(b, "w", 16, 8), Arg.NONE);
              y = b.call("aten::add.Tensor", y, in.get(1));
              return List.of(b.call("aten::relu", y));
            });
    assertThat(before.kernels()).hasSize(4);
    Program after = run(before, new FuseConsumers());
    assertThat(after.kernels()).hasSize(1);
    TemplateKernel product = templates(after).getFirst();
    assertThat(product.origins()).containsExactly("linear", "add", "relu");
    assertThat(loaded(product.epilogue().body())).containsExactly(after.inputs().get(1));
    assertThat(product.writes()).containsExactlyElementsOf(after.outputs());
  }

  @Test
  void aReductionGoesOnWithItsOnlyReader() {
    Program before =
        converted(
            List.of(floats(4, 8)),
            (b, in) ->
                List.of(b.call("aten::sqrt", b.call("aten::mean.dim", in.get(0), Arg.ints(1)))));
    Program after = run(before, new FuseConsumers());
    assertThat(before.kernels()).hasSize(3);
    assertThat(after.kernels()).hasSize(1);
    assertThat(loops(after).getFirst().stage().body().hasReduce()).isTrue();
  }

  @Test
  void aProductWithTwoReadersIsStored() {
    Program before =
        converted(
            List.of(floats(4, 8), floats(8, 16)),
            (b, in) -> {
              Arg y = b.call("aten::mm", in.get(0), in.get(1));
              return List.of(b.call("aten::relu", y), b.call("aten::exp", y));
            });
    Program after = run(before, new FuseConsumers());
    TemplateKernel product = templates(after).getFirst();
    assertThat(after.buffer(product.epilogue().target()).role()).isEqualTo(Buffer.Role.TEMP);
    assertThat(after.readers().get(product.epilogue().target())).hasSize(2);
  }

  @Test
  void aReaderOfPartOfAProductDoesNotFuse() {
    Program before =
        converted(
            List.of(floats(4, 8), floats(8, 16)),
            (b, in) -> {
              Arg y = b.call("aten::mm", in.get(0), in.get(1));
              return List.of(b.call("aten::select.int", y, new Arg.Int(0), new Arg.Int(2)));
            });
    Program after = run(before, new FoldViews(), new RemoveDeadCode(), new FuseConsumers());
    assertThat(after.kernels()).hasSize(2);
  }

  @Test
  void pointwiseChainsBecomeOneLoop() {
    Program before =
        converted(
            List.of(floats(4, 8), floats(8)),
            (b, in) -> {
              Arg y = b.call("aten::exp", in.get(0));
              y = b.call("aten::mul.Tensor", y, in.get(1));
              return List.of(b.call("aten::sin", b.call("aten::add.Tensor", y, in.get(0))));
            });
    assertThat(before.kernels()).hasSize(5);
    Program after = run(before, new FuseProducers(), new RemoveDeadCode());
    assertThat(after.kernels()).hasSize(1);
    assertThat(after.kernels().getFirst().reads())
        .containsExactlyInAnyOrderElementsOf(after.inputs());
  }

  @Test
  void expensiveWorkIsNotRepeatedForEveryRow() {
    Program before =
        converted(
            List.of(floats(1000, 8), floats(8)),
            (b, in) ->
                List.of(
                    b.call("aten::add.Tensor", in.get(0), b.call("aten::exp", in.get(1))),
                    b.call(
                        "aten::add.Tensor",
                        in.get(0),
                        b.call("aten::expand", in.get(1), Arg.ints(1000, 8)))));
    Program after = run(before, new FuseProducers(), new RemoveDeadCode());
    assertThat(writerOf(after, 0).reads()).doesNotContain(after.inputs().get(1));
    assertThat(writerOf(after, 1).reads()).containsExactlyElementsOf(after.inputs());
  }

  @Test
  void softmaxTakesEachRowThroughAllStages() {
    Program before =
        converted(
            List.of(floats(6, 40)),
            (b, in) ->
                List.of(b.call("aten::_softmax", in.get(0), new Arg.Int(1), new Arg.Bool(false))));
    Program after =
        run(before, new FuseProducers(), new WriteInPlace(), new FuseRows(), new RemoveDeadCode());
    assertThat(after.kernels()).hasSize(1);
    LoopKernel rows = loops(after).getFirst();
    assertThat(rows.outer()).hasSize(1);
    assertThat(rows.stages()).hasSizeGreaterThan(2);
    assertThat(rows.stages().subList(0, rows.stages().size() - 1))
        .allMatch(s -> after.buffer(s.target()).role() == Buffer.Role.LOCAL);
  }

  @Test
  void rowsOfDifferentKernelsStayApart() {
    Program before =
        converted(
            List.of(floats(6, 6)),
            (b, in) -> {
              Arg y = b.call("aten::sum.dim_IntList", in.get(0), Arg.ints(0), new Arg.Bool(true));
              return List.of(
                  b.call(
                      "aten::sum.dim_IntList",
                      b.call("aten::mul.Tensor", in.get(0), y),
                      Arg.ints(1)));
            });
    Program after =
        run(before, new FuseProducers(), new WriteInPlace(), new FuseRows(), new RemoveDeadCode());
    assertThat(loops(after)).allMatch(k -> k.stages().size() == 1); // columns first, then rows
  }
}
