package io.ait4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.ModelFolder;
import io.ait4j.lower.verify.SampleFile;
import io.ait4j.lower.verify.Verifier;
import io.ait4j.lower.verify.VerifyFormat;
import io.ait4j.lower.verify.VerifyResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The models of this repository, from PyTorch's files to outputs. */
class RepositoryModelsTest {
  private static final Path MODELS = Path.of("models");

  /** Two builds of PyTorch differ by less on models of this depth. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private static Path work;

  @ParameterizedTest
  @CsvSource({"resnet20, ait", "bert, ait", "fnet, ait fallback ait"})
  void agreesWithPyTorchAndSplitsOnlyWhereItMust(String name, String kinds) {
    VerifyResult result =
        new Verifier(settings(), OptionalDouble.of(TOLERANCE))
            .verify(
                new ModelFolder(MODELS.resolve(name))
                    .targets(VerifyFormat.selection("pt"))
                    .getFirst(),
                step -> {})
            .getFirst();
    assertThat(result.error()).isNull();
    assertThat(result.status()).isEqualTo(VerifyResult.Status.OK);
    assertThat(result.vacuous()).isEmpty();
    assertThat(result.report().partitions().stream().map(LoweringReport.PartitionRow::kind))
        .containsExactly(kinds.split(" "));
    assertThat(result.borderCopiesBytes()).isZero();
  }

  /** Each model takes a batch of two; swapped inputs must give swapped outputs. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet20", "bert", "fnet"})
  void followsItsInputs(String name) {
    Path aitm = work.resolve(name + ".aitm");
    try (SampleFile sample = SampleFile.open(MODELS.resolve(name).resolve("io.safetensors"));
        Arena arena = Arena.ofConfined()) {
      ModelConversion.convert(
          MODELS.resolve(name).resolve("model.pt"),
          ImportSettings.of(sample.inputSpecs()),
          settings(),
          aitm,
          step -> {});
      try (LoweredModule module = LoweredModule.load(aitm, new LoadSettings(work, 2))) {
        List<NativeTensor> swapped =
            sample.inputs().stream().map(input -> swapHalves(input, arena)).toList();
        List<NativeTensor> outputs = module.run(swapped, arena);
        assertThat(outputs).hasSameSizeAs(sample.outputs());
        for (int i = 0; i < outputs.size(); i++) {
          NativeTensor expected = swapHalves(sample.outputs().get(i), arena);
          assertThat(Comparison.of(outputs.get(i), expected, TOLERANCE).complaint()).isEmpty();
        }
      }
    }
  }

  private static LowerSettings settings() {
    return LowerSettings.DEFAULT.withCacheDir(work);
  }

  private static NativeTensor swapHalves(NativeTensor tensor, Arena arena) {
    long half = tensor.data().byteSize() / 2;
    MemorySegment swapped = arena.allocate(2 * half, 64);
    swapped.asSlice(half).copyFrom(tensor.data().asSlice(0, half));
    swapped.asSlice(0, half).copyFrom(tensor.data().asSlice(half));
    return NativeTensor.contiguous(tensor.dtype(), tensor.sizes(), swapped);
  }
}
