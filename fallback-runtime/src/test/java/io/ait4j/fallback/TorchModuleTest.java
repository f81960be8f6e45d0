package io.ait4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.RegistrationHandleRAII;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TorchModuleTest {
  private static final NativeTensor SIX = Sketch.floats(new long[] {2, 3}, 1, 2, 3, 4, 5, 6);

  private static float[] run(FxGraph graph, NativeTensor... inputs) {
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(inputs))) {
      return Sketch.floats(result.outputs().getFirst());
    }
  }

  @Test
  void addsAndMultipliesWithWeightsAndNumbers() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .weight("w", Sketch.floats(new long[] {3}, 10, 20, 30))
            .op("a", "aten::add.Tensor", "x", "w", 2)
            .op("b", "aten::mul.Tensor", "a", 0.5)
            .returning("b");
    assertThat(run(graph, SIX)).containsExactly(10.5f, 21f, 31.5f, 12f, 22.5f, 33f);
  }

  @Test
  void aNumberInATensorsPlaceDoesNotPromote() {
    FxGraph graph =
        new Sketch()
            .input("x", TensorMeta.contiguous(DType.FLOAT16, 1))
            .op("y", "aten::mul.Tensor", "x", 0.5)
            .returning("y");
    NativeTensor half =
        NativeTensor.contiguous(DType.FLOAT16, new long[] {1}, Arena.ofAuto().allocate(2));
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(half))) {
      assertThat(result.outputs().getFirst().dtype()).isEqualTo(DType.FLOAT16);
    }
  }

  @Test
  void inputMemoryIsReadInPlaceAndOutputMemoryIsLibtorchsOwn() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op("row", "aten::select.int", "x", 0, 1)
            .op("y", "aten::neg", "x")
            .op("t", "aten::permute", "y", List.of(1, 0))
            .returning("row", "y", "t", "x");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(SIX))) {
      NativeTensor row = result.outputs().get(0);
      NativeTensor y = result.outputs().get(1);
      NativeTensor t = result.outputs().get(2);
      assertThat(row.data().address()).isEqualTo(SIX.data().address() + 3 * 4);
      assertThat(result.outputs().get(3).data().address()).isEqualTo(SIX.data().address());
      assertThat(t.data().address()).isEqualTo(y.data().address());
      assertThat(t.strides()).containsExactly(1, 3);
      assertThat(Sketch.floats(t)).containsExactly(-1, -4, -2, -5, -3, -6);
      assertThat(result.copiedBytes()).isZero();
    }
  }

  @Test
  void weightsAreUsedWhereTheyLie() {
    NativeTensor weight = Sketch.floats(new long[] {2}, 1, 2);
    FxGraph graph = new Sketch().weight("w", weight).op("v", "aten::alias", "w").returning("v");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of())) {
      assertThat(result.outputs().getFirst().data().address()).isEqualTo(weight.data().address());
    }
  }

  @Test
  void stridedInputsAreReadByTheirStrides() {
    NativeTensor transposed =
        new NativeTensor(DType.FLOAT32, new long[] {3, 2}, new long[] {1, 3}, SIX.data());
    FxGraph graph = new Sketch().input("x", 3, 2).op("y", "aten::relu", "x").returning("y");
    assertThat(run(graph, transposed)).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void aViewThatTheStridesForbidIsStillAReshape() {
    NativeTensor transposed =
        new NativeTensor(DType.FLOAT32, new long[] {3, 2}, new long[] {1, 3}, SIX.data());
    FxGraph graph =
        new Sketch().input("x", 3, 2).op("y", "aten::view", "x", List.of(6)).returning("y");
    assertThat(run(graph, transposed)).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void emptyAndZeroDimensionalTensorsPass() {
    FxGraph graph =
        new Sketch()
            .input("x", 0, 3)
            .op("s", "aten::sum", "x", Arg.NONE)
            .op("c", "aten::clone", "x", Arg.NONE)
            .returning("s", "c");
    NativeTensor empty =
        NativeTensor.contiguous(DType.FLOAT32, new long[] {0, 3}, MemorySegment.NULL);
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(empty))) {
      assertThat(result.outputs().get(0).sizes()).isEmpty();
      assertThat(Sketch.floats(result.outputs().get(0))).containsExactly(0);
      assertThat(result.outputs().get(1).shape()).containsExactly(0L, 3L);
    }
  }

  @Test
  void complexTensorsPassAndDelayedConjugationIsCountedAsACopy() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op("f", "aten::fft_fft2", "x", Arg.NONE, List.of(-2, -1), Arg.NONE)
            .op("r", "aten::view_as_real", "f")
            .op("re", "aten::select.int", "r", -1, 0)
            .op("c", "aten::_conj", "f")
            .returning("re", "c");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(SIX))) {
      NativeTensor real = result.outputs().get(0);
      assertThat(real.strides()).containsExactly(6, 2);
      assertThat(Sketch.floats(real)[0]).isEqualTo(21);
      NativeTensor conjugate = result.outputs().get(1);
      assertThat(conjugate.dtype()).isEqualTo(DType.COMPLEX64);
      // The imaginary part at [0, 1] of the transform is sqrt(3); of the conjugate its negation.
      assertThat(conjugate.data().getAtIndex(ValueLayout.JAVA_FLOAT, 3))
          .isEqualTo((float) -Math.sqrt(3));
      assertThat(result.copiedBytes()).isEqualTo(6 * 8);
    }
  }

  @Test
  void listResultsAreTakenApart() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op(List.of("a", "b"), Sketch.TENSOR, "aten::split.Tensor", List.of(), "x", 2, 1)
            .op("c", "aten::cat", List.of("b", "a"), 1)
            .returning("c");
    assertThat(run(graph, SIX)).containsExactly(3, 1, 2, 6, 4, 5);
  }

  @Test
  void optionalTensorListsHoldNone() {
    NativeTensor index =
        NativeTensor.contiguous(DType.INT64, new long[] {2}, Arena.ofAuto().allocate(16));
    index.data().setAtIndex(ValueLayout.JAVA_LONG, 0, 2);
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .input("i", TensorMeta.contiguous(DType.INT64, 2))
            .op("y", "aten::index.Tensor", "x", List.of(Arg.NONE, "i"))
            .returning("y");
    assertThat(run(graph, SIX, index)).containsExactly(3, 1, 6, 4);
  }

  @Test
  void severalResultsComeInSchemaOrder() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op(
                List.of("values", "indices"),
                Sketch.TENSOR,
                "aten::topk",
                List.of(),
                "x",
                2,
                -1,
                true,
                true)
            .returning("indices", "values");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(SIX))) {
      assertThat(result.outputs().get(0).dtype()).isEqualTo(DType.INT64);
      assertThat(Sketch.floats(result.outputs().get(1))).containsExactly(3, 2, 6, 5);
    }
  }

  @Test
  void branchesReadTheValuesAroundThem() {
    FxGraph then = new Sketch().op("p", "aten::mul.Tensor", "x", 2).returning("p");
    FxGraph otherwise = new Sketch().returning("x");
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op("s", "aten::sum", "x", Arg.NONE)
            .op("g", "aten::gt.Scalar", "s", 0)
            .scalar("c", Sketch.BOOL, "aten::Bool.Tensor", "g")
            .op(List.of("y"), Sketch.TENSOR, "prim::If", List.of(then, otherwise), "c")
            .returning("y");
    assertThat(run(graph, SIX)).containsExactly(2, 4, 6, 8, 10, 12);
    NativeTensor negative = Sketch.floats(new long[] {2, 3}, -1, -2, -3, -4, -5, -6);
    assertThat(run(graph, negative)).containsExactly(-1, -2, -3, -4, -5, -6);
  }

  @Test
  void loopsCarryAndSwapValues() {
    FxGraph body =
        new Sketch()
            .input("i", Sketch.INT)
            .input("a", Sketch.TENSOR)
            .input("b", Sketch.TENSOR)
            .op("sum", "aten::add.Tensor", "a", "b", 1)
            .scalar("more", Sketch.BOOL, "aten::lt.int", "i", 5)
            .returning("more", "b", "sum");
    FxGraph graph =
        new Sketch()
            .input("x", 1)
            .op(List.of("m", "n"), Sketch.TENSOR, "prim::Loop", List.of(body), 100, true, "x", "x")
            .returning("n", "m");
    // Fibonacci: (1,1) goes round with i = 0..5, six times.
    NativeTensor one = Sketch.floats(new long[] {1}, 1);
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(one))) {
      assertThat(Sketch.floats(result.outputs().get(0))).containsExactly(21);
      assertThat(Sketch.floats(result.outputs().get(1))).containsExactly(13);
    }
  }

  @Test
  void aLoopThatNeverRunsYieldsItsFirstValues() {
    FxGraph body =
        new Sketch()
            .input("i", Sketch.INT)
            .input("a", Sketch.TENSOR)
            .op("b", "aten::neg", "a")
            .returning(true, "b");
    Sketch sketch = new Sketch().input("x", 2, 3);
    sketch.op(List.of("none"), Sketch.TENSOR, "prim::Loop", List.of(body), 0, true, "x");
    assertThat(run(sketch.returning("none"), SIX)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aLoopStopsAtItsTripCountAndMayReturnWhatItWasGiven() {
    FxGraph body =
        new Sketch()
            .input("i", Sketch.INT)
            .input("a", Sketch.TENSOR)
            .input("k", Sketch.TENSOR)
            .op("b", "aten::add.Tensor", "a", "i", 1)
            .returning(true, "b", "k");
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op(List.of("y", "z"), Sketch.TENSOR, "prim::Loop", List.of(body), 4, true, "x", "x")
            .returning("y", "z");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(SIX))) {
      assertThat(Sketch.floats(result.outputs().get(0))).containsExactly(7, 8, 9, 10, 11, 12);
      assertThat(Sketch.floats(result.outputs().get(1))).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void anExceptionThatTheModelRaisesIsReported() {
    FxGraph raise =
        new Sketch()
            .op(
                List.of(),
                Sketch.TENSOR,
                "prim::RaiseException",
                List.of(),
                new Arg.Str("too small"),
                new Arg.Str("builtins.ValueError"))
            .returning();
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op("s", "aten::sum", "x", Arg.NONE)
            .op("g", "aten::lt.Scalar", "s", 0)
            .scalar("c", Sketch.BOOL, "aten::Bool.Tensor", "g")
            .op(List.of(), Sketch.TENSOR, "prim::If", List.of(raise, new Sketch().returning()), "c")
            .returning("x");
    assertThat(run(graph, SIX)).containsExactly(1, 2, 3, 4, 5, 6);
    NativeTensor negative = Sketch.floats(new long[] {2, 3}, -1, -2, -3, -4, -5, -6);
    assertThatThrownBy(() -> run(graph, negative))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "node node0 (prim::RaiseException) at model.py:10: the model raises"
                + " builtins.ValueError: too small");
  }

  @Test
  void numbersCrossAsZeroDimensionalTensors() {
    FxGraph graph =
        new Sketch()
            .input("n", Sketch.INT)
            .scalar("m", Sketch.INT, "aten::add.int", "n", 4)
            .returning("m", 2.5);
    NativeTensor three =
        NativeTensor.contiguous(DType.INT64, new long[0], Arena.ofAuto().allocate(8));
    three.data().set(ValueLayout.JAVA_LONG, 0, 3);
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(three))) {
      NativeTensor seven = result.outputs().getFirst();
      assertThat(seven.dtype()).isEqualTo(DType.INT64);
      assertThat(seven.sizes()).isEmpty();
      assertThat(seven.data().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
      assertThat(result.outputs().get(1).data().get(ValueLayout.JAVA_DOUBLE, 0)).isEqualTo(2.5);
    }
  }

  @Test
  void listsAndTuplesAreMadeAndTakenApart() {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .op("y", "aten::neg", "x")
            .scalar("l", new ValueMeta.Opaque("Tensor[]"), "prim::ListConstruct", "x", "y")
            .op(List.of("a", "b"), Sketch.TENSOR, "prim::ListUnpack", List.of(), "l")
            .scalar("t", new ValueMeta.Opaque("Tuple"), "prim::TupleConstruct", "b", "a")
            .op(List.of("c", "d"), Sketch.TENSOR, "prim::TupleUnpack", List.of(), "t")
            .returning("c");
    assertThat(run(graph, SIX)).containsExactly(-1, -2, -3, -4, -5, -6);
  }

  @Test
  void symbolicSizesAreBoundByTheInputs() {
    Dim n = Dim.symbol("n", 1, 8);
    FxGraph graph =
        new Sketch()
            .input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(n, Dim.of(3))))
            .op("y", "aten::view", "x", List.of(Arg.of(n.times(3))))
            .returning("y");
    try (TorchModule module = new TorchModule(graph);
        TorchResult result = module.run(List.of(SIX))) {
      assertThat(result.outputs().getFirst().shape()).containsExactly(6L);
      assertThatThrownBy(() -> module.run(List.of(Sketch.floats(new long[] {9, 3}, new float[27]))))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("n = 9 (from input 0 'x', which is float32[9,3]) is outside 1..8");
    }
  }

  @Test
  void sizesThatTheInputsDoNotShowAreGiven() {
    Dim n = Dim.symbol("n", 1, 8);
    Dim m = Dim.symbol("m", 1, 8);
    // m is known from elsewhere; as a tensor's place wants it, and as a float's.
    FxGraph graph =
        new Sketch()
            .input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(n.times(m))))
            .op("y", "aten::view", "x", List.of(Arg.of(n), Arg.of(m)))
            .op("z", "aten::mul.Tensor", "y", Arg.of(m.plus(1)))
            .op("w", "aten::leaky_relu", "z", Arg.of(n))
            .returning("w");
    try (TorchModule module = new TorchModule(graph)) {
      try (TorchResult result =
          module.run(
              List.of(Sketch.floats(new long[] {6}, -1, 2, 3, 4, 5, 6)),
              Map.of("m", 3L, "other", 1L))) {
        assertThat(result.outputs().getFirst().shape()).containsExactly(2L, 3L);
        assertThat(Sketch.floats(result.outputs().getFirst()))
            .containsExactly(-8, 8, 12, 16, 20, 24);
      }
      assertThatThrownBy(
              () ->
                  module.run(List.of(Sketch.floats(new long[] {6}, new float[6])), Map.of("m", 4L)))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("no size makes dimension 0");
    }
  }

  @Test
  void anOperatorThatLibtorchLacksIsRefusedByNameAndPlace() {
    FxGraph graph = new Sketch().input("x", 1).op("y", "acme::frobnicate", "x").returning("y");
    assertThatThrownBy(() -> new TorchModule(graph))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageStartingWith("operator acme::frobnicate at model.py:10 is implemented neither");
  }

  @Test
  void anOperatorThatLibtorchKnowsBySchemaAloneIsRefusedTheSame() {
    String name = "torchvision::roi_align";
    FxGraph graph =
        new Sketch()
            .input("x", 1, 1, 4, 4)
            .input("r", 2, 5)
            .op("y", name, "x", "r", 1.0, 2, 2, 0, true)
            .returning("y");
    String schema = OperatorSchemas.extensions().get(OpTarget.parse(name));
    try (FunctionSchema parsed = torch.parseSchema(schema);
        RegistrationHandleRAII known = Dispatcher.singleton().registerDef(parsed, "a test")) {
      assertThatThrownBy(() -> new TorchModule(graph))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("operator " + name + " at model.py:10 is implemented neither");
    }
  }

  @Test
  void operatorsThatDoMoreThanComputeAreRefusedBeforeAnyRun() {
    Map<String, String> refused =
        Map.of(
            "aten::from_file", "reads or writes files",
            "aten::save", "reads or writes files",
            "prim::Print", "prints",
            "c10d::barrier", "talks to other processes",
            "inductor::_reinterpret_tensor", "trusts its arguments");
    refused.forEach(
        (name, why) -> {
          FxGraph graph = new Sketch().input("x", 1).op("y", name, "x").returning("y");
          assertThatThrownBy(() -> new TorchModule(graph))
              .isInstanceOf(ModelException.class)
              .hasMessageStartingWith("operator " + name + " at model.py:10 is refused")
              .hasMessageContaining(why);
        });
    FxGraph free = new Sketch().input("x", 1).op("y", "prim::BroadcastSizes", "x").returning("y");
    assertThatThrownBy(() -> new TorchModule(free))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("number is not fixed");
  }

  @Test
  void argumentsThatDoNotFitAreRefusedBeforeAnyRun() {
    FxGraph unknown = new Sketch().input("x", 1).op("y", "aten::neg", "z").returning("y");
    assertThatThrownBy(() -> new TorchModule(unknown))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "node y (aten::neg) at model.py:10 cannot be given to libtorch: nothing defines %z");
    FxGraph few = new Sketch().input("x", 1).op("y", "aten::mm", "x").returning("y");
    assertThatThrownBy(() -> new TorchModule(few))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("misses its argument 'mat2'");
    FxGraph many =
        new Sketch()
            .input("x", 1)
            .op(List.of("y", "z"), Sketch.TENSOR, "aten::neg", List.of(), "x")
            .returning("y");
    assertThatThrownBy(() -> new TorchModule(many))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it has fewer results in libtorch");
  }

  @Test
  void aFailingOperatorIsNamedWithOneLine() {
    FxGraph graph = new Sketch().input("x", 2, 3).op("y", "aten::mm", "x", "x").returning("y");
    try (TorchModule module = new TorchModule(graph)) {
      assertThatThrownBy(() -> module.run(List.of(SIX)))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("node y (aten::mm) at model.py:10 failed in libtorch: ")
          .hasMessageContaining("2x3")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void wrongInputsAreRefused() {
    FxGraph graph = new Sketch().input("x", 2, 3).op("y", "aten::neg", "x").returning("y");
    try (TorchModule module = new TorchModule(graph)) {
      assertThatThrownBy(() -> module.run(List.of()))
          .hasMessage("the model takes 1 input (x: float32[2,3]), got 0");
      assertThatThrownBy(
              () -> module.run(List.of(Sketch.floats(new long[] {3, 2}, 1, 2, 3, 4, 5, 6))))
          .hasMessageContaining("input 0 'x': expected float32[2,3], got float32[3,2]");
    }
  }

  @Test
  void aScopeAroundTheCallerFreesNothingOfOurs() {
    FxGraph graph =
        new Sketch().input("x", 2, 3).op("y", "aten::mul.Tensor", "x", 3).returning("y");
    TorchModule module;
    TorchResult result;
    try (PointerScope scope = new PointerScope()) {
      module = new TorchModule(graph);
      result = module.run(List.of(SIX));
    }
    try (module;
        result;
        TorchResult again = module.run(List.of(SIX))) {
      assertThat(Sketch.floats(result.outputs().getFirst())).containsExactly(3, 6, 9, 12, 15, 18);
      assertThat(Sketch.floats(again.outputs().getFirst())).containsExactly(3, 6, 9, 12, 15, 18);
    }
  }

  @Test
  void threadsRunAtOnce() throws Exception {
    FxGraph graph =
        new Sketch()
            .input("x", 2, 3)
            .weight("w", Sketch.floats(new long[] {3, 3}, 1, 0, 0, 0, 2, 0, 0, 0, 3))
            .op("y", "aten::mm", "x", "w")
            .op("z", "aten::add.Tensor", "y", 1, 1)
            .returning("z");
    TorchModule.setThreads(1);
    try (TorchModule module = new TorchModule(graph);
        var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<float[]>> jobs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        float k = i;
        jobs.add(
            () -> {
              try (TorchResult result =
                  module.run(List.of(Sketch.floats(new long[] {2, 3}, k, k, k, 0, 0, 0)))) {
                return Sketch.floats(result.outputs().getFirst());
              }
            });
      }
      List<Future<float[]>> done = pool.invokeAll(jobs);
      for (int i = 0; i < done.size(); i++) {
        assertThat(done.get(i).get()).containsExactly(i + 1, 2 * i + 1, 3 * i + 1, 1, 1, 1);
      }
    }
  }

  @Test
  void theThreadCountReachesEveryThreadThatRuns() throws Exception {
    FxGraph graph = new Sketch().input("x", 2, 3).op("y", "aten::neg", "x").returning("y");
    try (TorchModule module = new TorchModule(graph);
        var pool = Executors.newFixedThreadPool(1)) {
      for (int count : new int[] {3, 1}) {
        TorchModule.setThreads(count);
        module.run(List.of(SIX)).close();
        assertThat(TorchModule.threads()).isEqualTo(count);
        Callable<Integer> elsewhere =
            () -> {
              module.run(List.of(SIX)).close();
              return torch.get_num_threads();
            };
        assertThat(pool.submit(elsewhere).get()).isEqualTo(count);
      }
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
    }
  }

  @Test
  void aThousandRunsLeakNothing() {
    // 4 MiB an intermediate: a leak of any one of them would show as gigabytes.
    FxGraph body =
        new Sketch()
            .input("i", Sketch.INT)
            .input("a", Sketch.TENSOR)
            .op("b", "aten::add.Tensor", "a", "x", 1)
            .returning(true, "b");
    FxGraph graph =
        new Sketch()
            .input("x", 1024, 1024)
            .op("p", "aten::neg", "x")
            .op(List.of("q"), Sketch.TENSOR, "prim::Loop", List.of(body), 2, true, "p")
            .op("r", "aten::cat", List.of("q", "p"), 0)
            .returning("r");
    NativeTensor input =
        NativeTensor.contiguous(
            DType.FLOAT32, new long[] {1024, 1024}, Arena.ofAuto().allocate(4 << 20, 64));
    try (TorchModule module = new TorchModule(graph)) {
      runOften(module, input, 20);
      long bytes = Pointer.physicalBytes();
      long objects = Pointer.totalCount();
      runOften(module, input, 1000);
      assertThat(Pointer.physicalBytes() - bytes).isLessThan(200L << 20);
      assertThat(Pointer.totalCount() - objects).isLessThan(100);
    }
  }

  private static void runOften(TorchModule module, NativeTensor input, int times) {
    for (int i = 0; i < times; i++) {
      module.run(List.of(input)).close();
    }
  }
}
