package io.ait4j.compiler.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Sha256;
import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import io.ait4j.compiler.codegen.cuda.CudaKernels;
import io.ait4j.compiler.codegen.cuda.CudaModelPrinter;
import io.ait4j.compiler.convert.Converters;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Pipeline;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.select.KernelChoice.Considered;
import io.ait4j.compiler.select.KernelChoice.How;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A product of floats, two equal ones of halves, another: timed by a clock of our own. */
class KernelSelectorTest {
  private static final CudaTarget TARGET = new CudaTarget(List.of("sm_90a"));
  private static final TimedGpu GPU = new TimedGpu(90, 132, 2e9, 5e12, "a GPU");

  @TempDir Path folder;

  private final List<Trial> timed = new ArrayList<>();

  private static Schedule schedule(Dim rows) {
    FxGraphBuilder builder = new FxGraphBuilder(null);
    Arg x = builder.input("x", TensorMeta.contiguous(DType.FLOAT32, List.of(rows, Dim.of(512))));
    Arg rounded = builder.call("aten::mm", x, weight(builder, "w0", 512));
    Arg first = builder.call("aten::mm", rounded, weight(builder, "w1", 512));
    Arg second = builder.call("aten::mm", first, weight(builder, "w2", 512));
    FxGraph graph =
        builder.build(List.of(builder.call("aten::mm", second, weight(builder, "w3", 2048))));
    return Pipeline.run(
        new Converters(TARGET).convert(graph).program(),
        TARGET,
        Precision.FP16,
        Set.of(),
        (pass, program) -> {});
  }

  private static Arg weight(FxGraphBuilder builder, String name, long columns) {
    TensorMeta meta = TensorMeta.contiguous(DType.FLOAT32, new long[] {512, columns});
    return builder.attribute(
        new Weight(name, meta, Arena.ofAuto().allocate(512 * columns * 4, 64)));
  }

  private static String key(Sources sources) {
    Sha256 hash = new Sha256();
    sources.device().values().forEach(hash::add);
    sources.host().values().forEach(hash::add);
    return hash.hex();
  }

  /** The later a candidate is tried, the faster it is. */
  private List<Double> laterIsFaster(
      Schedule schedule, List<Trial> trials, Map<String, Long> sizes) {
    timed.addAll(trials);
    List<Double> micros = new ArrayList<>();
    trials.forEach(trial -> micros.add(100.0 - micros.size()));
    return micros;
  }

  private KernelSelector selector(KernelTimer timer) {
    return new KernelSelector(
        TARGET, GPU, KernelSelectorTest::key, new TimeCache(folder, "a GPU"), timer);
  }

  @Test
  void theFastestIsTakenAndEqualKernelsAreTimedOnce() {
    Schedule schedule = schedule(Dim.of(128));
    KernelSelection selection = selector(this::laterIsFaster).select(schedule, Map.of());
    List<String> products =
        schedule.program().kernels().stream()
            .filter(TemplateKernel.class::isInstance)
            .map(kernel -> kernel.name())
            .toList();
    assertThat(products).hasSize(4);
    assertThat(selection.choices()).containsOnlyKeys(products);
    assertThat(timed).extracting(Trial::key).doesNotHaveDuplicates();
    for (String product : products.subList(1, 4)) {
      KernelChoice choice = selection.choices().get(product);
      assertThat(choice.how()).isEqualTo(How.PROFILED);
      assertThat(choice.candidates()).hasSizeBetween(2, 6);
      assertThat(choice.tile()).isEqualTo(choice.candidates().getLast().tile());
      assertThat(choice.candidates()).extracting(Considered::micros).doesNotContain(Double.NaN);
      assertThat(selection.texts().get(product).device()).contains(choice.tile());
    }
    List<KernelChoice> choices = products.stream().map(selection.choices()::get).toList();
    assertThat(choices.get(1)).isEqualTo(choices.get(2)).isNotEqualTo(choices.get(3));
  }

  @Test
  void timesOfBeforeAreTaken() {
    Schedule schedule = schedule(Dim.of(128));
    KernelSelection first = selector(this::laterIsFaster).select(schedule, Map.of());
    KernelSelection second =
        selector(
                (again, trials, sizes) -> {
                  throw new AssertionError("timed again: " + trials);
                })
            .select(schedule, Map.of());
    assertThat(second.texts()).isEqualTo(first.texts());
    second
        .choices()
        .forEach(
            (name, choice) -> {
              assertThat(choice.tile()).isEqualTo(first.choices().get(name).tile());
              assertThat(choice.how()).isNotEqualTo(How.PROFILED);
            });
    assertThat(second.choices().values()).extracting(KernelChoice::how).contains(How.CACHE);
  }

  @Test
  void theCostModelDecidesWhereTimingFails() {
    timingFails(new ModelException(ModelException.Kind.RUN, "no GPU today"));
    timingFails(new ArithmeticException("long overflow"));
  }

  private void timingFails(RuntimeException why) {
    Schedule schedule = schedule(Dim.of(128));
    KernelSelection selection =
        selector(
                (all, trials, sizes) -> {
                  throw why;
                })
            .select(schedule, Map.of());
    KernelSelection expected = CostModel.select(schedule, TARGET);
    assertThat(selection.texts()).isEqualTo(expected.texts());
    assertThat(selection.choices().values())
        .extracting(KernelChoice::how)
        .containsOnly(How.COST_MODEL);
  }

  @Test
  void timesOfAGpuWithOtherMemoryAreNotTaken() {
    Schedule schedule = schedule(Dim.of(128));
    selector(this::laterIsFaster).select(schedule, Map.of());
    int first = timed.size();
    TimedGpu other = new TimedGpu(90, 132, 2e9, 3e12, "another GPU");
    new KernelSelector(
            TARGET,
            other,
            KernelSelectorTest::key,
            new TimeCache(folder, "another GPU"),
            this::laterIsFaster)
        .select(schedule, Map.of());
    assertThat(timed).hasSize(2 * first);
  }

  @Test
  void theCostModelPrintsWhatIsPrintedWithoutAChoice() {
    Schedule schedule = schedule(Dim.of(128));
    assertThat(CudaKernels.print(schedule, TARGET))
        .containsAllEntriesOf(CostModel.select(schedule, TARGET).texts());
  }

  @Test
  void symbolsAreTimedAtTheSizesOfTheSetting() {
    Schedule schedule = schedule(Dim.symbol("n", 2, 700));
    assertThat(Profiling.LARGEST.sizes(schedule)).isEqualTo(Map.of("n", 700L));
    assertThat(Profiling.SMALLEST.sizes(schedule)).isEqualTo(Map.of("n", 2L));
    selector(this::laterIsFaster).select(schedule, Profiling.LARGEST.sizes(schedule));
    int large = timed.size();
    selector(this::laterIsFaster).select(schedule, Profiling.SMALLEST.sizes(schedule));
    assertThat(timed.size()).isGreaterThan(large); // not the same times
  }

  private static String firstTile(String host) {
    return tile(host, host.indexOf("launch_wgmma<"));
  }

  private static String lastTile(String host) {
    return tile(host, host.lastIndexOf("launch_wgmma<"));
  }

  private static String tile(String host, int at) {
    return host.substring(host.indexOf('<', at) + 1, host.indexOf(">>(", at) + 1);
  }

  @Test
  void aTileTimedForFewRowsServesFewRows() {
    Schedule schedule = schedule(Dim.symbol("n", 2, 5000));
    KernelSelection few =
        selector(this::laterIsFaster).select(schedule, Profiling.SMALLEST.sizes(schedule));
    KernelSelection many =
        selector(this::laterIsFaster).select(schedule, Profiling.LARGEST.sizes(schedule));
    String half = timed.getLast().kernel();
    String fewHost = few.texts().get(half).host();
    String manyHost = many.texts().get(half).host();
    String fewTile = few.choices().get(half).tile();
    String manyTile = many.choices().get(half).tile();
    // The host asks for few rows first.
    assertThat(firstTile(fewHost)).isEqualTo(fewTile);
    assertThat(lastTile(manyHost)).isEqualTo(manyTile);
  }

  @Test
  void trialsRunWhereTheirKernelStands() {
    Schedule schedule = schedule(Dim.of(128));
    selector(this::laterIsFaster).select(schedule, Map.of());
    Schedule tried = GpuTimer.withTrials(schedule, timed);
    assertThat(tried.run()).containsOnlyOnce("trial0", "trial" + (timed.size() - 1));
    assertThat(tried.run()).doesNotContain(timed.getFirst().kernel());
    assertThat(tried.program().kernels())
        .extracting(kernel -> kernel.name())
        .containsSubsequence(tried.run());
    assertThat(tried.lives()).hasSameSizeAs(tried.run());
    Map<String, CudaKernelText> texts = new LinkedHashMap<>(CudaKernels.print(schedule, TARGET));
    for (int i = 0; i < timed.size(); i++) {
      texts.put("trial" + i, timed.get(i).text());
    }
    Sources sources = CudaModelPrinter.print(tried, texts);
    assertThat(sources.host().get("model.cpp"))
        .contains("num_kernels = " + tried.run().size(), "\"trial0\"");
  }
}
