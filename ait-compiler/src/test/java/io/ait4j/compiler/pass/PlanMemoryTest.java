package io.ait4j.compiler.pass;

import static io.ait4j.compiler.pass.Programs.converted;
import static io.ait4j.compiler.pass.Programs.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Buffers that are alive together never share memory, and the arena is no larger than it must. */
class PlanMemoryTest {
  private record Life(String name, int first, int last, long begin, long end) {}

  private static List<Life> lives(Schedule schedule, Map<String, Long> sizes) {
    Map<String, Kernel> kernels = new HashMap<>();
    schedule.program().kernels().forEach(k -> kernels.put(k.name(), k));
    Map<String, int[]> spans = new HashMap<>();
    for (int i = 0; i < schedule.run().size(); i++) {
      int at = i;
      for (String name : kernels.get(schedule.run().get(i)).buffers()) {
        if (schedule.program().buffer(name).role() == Buffer.Role.TEMP) {
          spans.computeIfAbsent(name, n -> new int[] {at, at})[1] = at;
        }
      }
    }
    List<Life> lives = new ArrayList<>();
    spans.forEach(
        (name, span) -> {
          long begin = schedule.runArena().offsets(sizes).get(name);
          Buffer buffer = schedule.program().buffer(name);
          long elements =
              buffer.shape().stream().mapToLong(d -> d.evaluate(sizes)).reduce(1, (a, b) -> a * b);
          long end = begin + elements * buffer.dtype().bytes();
          lives.add(new Life(name, span[0], span[1], begin, end));
        });
    return lives;
  }

  private static void check(Schedule schedule) {
    check(schedule, Map.of());
  }

  private static void check(Schedule schedule, Map<String, Long> sizes) {
    List<Life> lives = lives(schedule, sizes);
    for (Life a : lives) {
      assertThat(a.begin % 64).isZero();
      assertThat(a.end).isLessThanOrEqualTo(schedule.runArena().bytes(sizes));
      for (Life b : lives) {
        boolean together = a.first <= b.last && b.first <= a.last;
        boolean overlap = a.begin < b.end && b.begin < a.end;
        assertThat(!a.name.equals(b.name) && together && overlap).as(a + " and " + b).isFalse();
      }
    }
    assertThat(schedule.runArena().bytes(sizes)).isGreaterThanOrEqualTo(schedule.liveBytes(sizes));
  }

  @RepeatedTest(20)
  void anyGraph() {
    Random random = new Random();
    Program program =
        converted(
            List.of(floats(1, 16)),
            (b, in) -> {
              List<Arg> values = new ArrayList<>(in);
              for (int i = 0; i < 25; i++) {
                values.add(step(b, values.get(random.nextInt(values.size())), random));
              }
              return List.of(values.getLast(), values.get(values.size() / 2));
            });
    check(PlanMemory.plan(program));
  }

  /** The plan is made once; whatever the sizes of a run are, nothing overlaps. */
  @RepeatedTest(20)
  void anySizes() {
    Random random = new Random();
    List<Dim> sizes = List.of(Dim.symbol("n", 0, 40), Dim.symbol("m", 0, Dim.UNBOUNDED), Dim.of(9));
    List<TensorMeta> inputs =
        sizes.stream()
            .map(d -> TensorMeta.contiguous(DType.FLOAT32, List.of(d, Dim.of(16))))
            .toList();
    Program program =
        converted(
            inputs,
            (b, in) -> {
              List<Arg> values = new ArrayList<>(in);
              for (int i = 0; i < 25; i++) {
                Arg x = values.get(random.nextInt(values.size()));
                Arg y = values.get(random.nextInt(values.size()));
                values.add(
                    b.call(
                        "aten::exp",
                        random.nextBoolean()
                            ? x
                            : b.call(
                                "aten::cat", new Arg.Sequence(List.of(x, y)), new Arg.Int(0))));
              }
              return values.subList(20, values.size());
            });
    Schedule schedule = PlanMemory.plan(program);
    for (int i = 0; i < 10; i++) {
      check(schedule, Map.of("n", (long) random.nextInt(41), "m", (long) random.nextInt(1000)));
    }
  }

  /** Sums over rows of different counts, so that sizes differ. */
  private static Arg step(FxGraphBuilder b, Arg x, Random random) {
    Arg wide = b.call("aten::expand", x, Arg.ints(1 + random.nextInt(9), 16));
    Arg row = b.call("aten::sum.dim_IntList", wide, Arg.ints(0), new Arg.Bool(true));
    return b.call("aten::exp", row);
  }

  @Test
  void aChainNeedsTwoBuffers() {
    Program program =
        converted(
            List.of(floats(100)),
            (b, in) -> {
              Arg y = in.get(0);
              for (int i = 0; i < 8; i++) {
                y = b.call("aten::exp", y);
              }
              return List.of(y);
            });
    Schedule schedule = PlanMemory.plan(program);
    check(schedule);
    assertThat(schedule.liveBytes(Map.of())).isEqualTo(2 * 448); // 400 bytes, aligned
    assertThat(schedule.runArena().bytes(Map.of())).isEqualTo(schedule.liveBytes(Map.of()));
  }
}
