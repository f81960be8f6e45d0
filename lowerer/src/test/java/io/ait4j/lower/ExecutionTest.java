package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExecutionTest {
  private static final TensorMeta TYPE = TensorMeta.contiguous(DType.FLOAT32, 2);

  private static Held floats(boolean fresh, Owner owner, float... values) {
    return new Held(
        NativeTensor.contiguous(
            DType.FLOAT32,
            new long[] {values.length},
            Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values)),
        owner,
        fresh);
  }

  private static Execution run(Arena arena) {
    return new Execution(Map.of(), Place.HOST, new IntoArena(arena));
  }

  private static List<NativeTensor> collect(Execution run, Arena arena, OutputSource... outputs) {
    return new IntoArena(arena).collect(run, List.of(outputs));
  }

  private static float[] read(NativeTensor tensor) {
    return tensor.data().asSlice(0, tensor.numel() * 4).toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void aReturnedValueIsWrittenWhereTheCallerReadsIt() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena)) {
      NativeTensor written = run.allocate("y", TYPE);
      List<NativeTensor> outputs = collect(run, arena, new OutputSource.Value("y"));
      assertThat(outputs.getFirst().data().address()).isEqualTo(written.data().address());
      assertThat(outputs.getFirst().data().scope()).isEqualTo(arena.scope());
    }
  }

  @Test
  void aRunThatFailsLeavesNothingInTheArena() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena)) {
      assertThat(run.allocate("y", TYPE).data().scope()).isNotEqualTo(arena.scope());
    }
  }

  @Test
  void theSameValueReturnedTwiceHasTwoMemories() {
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena)) {
      run.allocate("y", TYPE).data().setAtIndex(ValueLayout.JAVA_FLOAT, 1, 5);
      List<NativeTensor> outputs =
          collect(run, arena, new OutputSource.Value("y"), new OutputSource.Value("y"));
      assertThat(Held.overlap(outputs.get(0), outputs.get(1))).isFalse();
      assertThat(read(outputs.get(1))[1]).isEqualTo(5);
    }
  }

  @Test
  void inputsAndConstantsAreReturnedAsCopies() {
    Held input = floats(false, Owner.OUTSIDE, 1, 2);
    NativeTensor constant = floats(false, Owner.OUTSIDE, 3, 4).tensor();
    try (Arena arena = Arena.ofConfined();
        Execution run = run(arena)) {
      run.put("x", input);
      List<NativeTensor> outputs =
          collect(run, arena, new OutputSource.Value("x"), new OutputSource.Constant(constant));
      assertThat(Held.overlap(outputs.get(0), input.tensor())).isFalse();
      assertThat(Held.overlap(outputs.get(1), constant)).isFalse();
      assertThat(read(outputs.get(0))).containsExactly(1, 2);
      assertThat(read(outputs.get(1))).containsExactly(3, 4);
    }
  }

  @Test
  void libtorchsOwnMemoryIsHandedOverAndFreedWithTheArena() {
    AtomicInteger freed = new AtomicInteger();
    NativeTensor output;
    try (Arena arena = Arena.ofConfined()) {
      try (Execution run = run(arena)) {
        Held y = floats(true, new Owner(freed::incrementAndGet), 1, 2);
        run.put("y", y);
        output = collect(run, arena, new OutputSource.Value("y")).getFirst();
        assertThat(output.data().address()).isEqualTo(y.tensor().data().address());
      }
      assertThat(freed).hasValue(0);
      assertThat(read(output)).containsExactly(1, 2);
    }
    assertThat(freed).hasValue(1);
    NativeTensor late = output;
    assertThatThrownBy(() -> read(late)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void valuesAreFreedAtTheirLastUseAndWhenARunFails() {
    AtomicInteger freed = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      try (Execution run = run(arena)) {
        run.put("a", floats(false, new Owner(freed::incrementAndGet), 1));
        run.put("b", floats(false, new Owner(freed::incrementAndGet), 1));
        run.drop("a");
        assertThat(freed).hasValue(1);
      }
      assertThat(freed).hasValue(2);
    }
  }

  @Test
  void oneThatCannotBeFreedKeepsNoOther() {
    AtomicInteger freed = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      Execution run = run(arena);
      for (String name : List.of("a", "b", "c")) {
        Owner owner =
            new Owner(
                () -> {
                  freed.incrementAndGet();
                  throw new ModelException(ModelException.Kind.RUN, "the GPU is lost");
                });
        run.put(name, floats(false, owner, 1));
      }
      assertThatThrownBy(run::close).hasMessage("the GPU is lost");
    }
    assertThat(freed).hasValue(3);
  }

  @Test
  void anOwnerFreesOnceItsLastUserIsGone() {
    AtomicInteger freed = new AtomicInteger();
    Owner owner = new Owner(freed::incrementAndGet);
    owner.retain();
    owner.release();
    assertThat(freed).hasValue(0);
    owner.release();
    assertThat(freed).hasValue(1);
  }
}
