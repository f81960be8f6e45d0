package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.convert.ConverterProvider;
import io.ait4j.fx.DType;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.reader.ImportSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversions that the cache must neither keep nor take for another. */
class ForgottenConversionsTest {
  private static final ImportSettings IMPORTS =
      ImportSettings.of(
          List.of(new InputSpec("x", TensorMeta.contiguous(DType.FLOAT32, TinyGraph.SHAPE))));

  @TempDir private Path folder;
  private Path model;
  private Path made;
  private LowerSettings settings;

  @BeforeEach
  void model() {
    model = folder.resolve("model.pt");
    made = folder.resolve("made.aitm");
    settings =
        LowerSettings.DEFAULT
            .withCacheDir(folder.resolve("cache"))
            .withExcludedOps(Set.of("aten::mul")); // which is quick
    write(model, 2);
  }

  /** A model that multiplies by {@code factor}. */
  private static void write(Path file, int factor) {
    try (JitModule module = new JitModule(new QualifiedName("Scale"))) {
      module.define("def forward(self, x):\n  return x * %d\n".formatted(factor));
      module.save(file.toString());
    }
  }

  private LoweringReport convert() {
    return ModelConversion.convert(model, IMPORTS, settings, made, step -> {});
  }

  private float scaled() {
    try (LoweredModule module = LoweredModule.load(made);
        Arena arena = Arena.ofConfined()) {
      return TinyGraph.read(module.run(List.of(TinyGraph.ramp(1)), arena).getFirst())[0];
    }
  }

  private Optional<List<LoweringReport>> remembered(ImportSettings imports) {
    return ConversionCache.of(model, imports, List.of(settings)).find(folder.resolve("found.aitm"));
  }

  @Test
  void aModelThatChangesBetweenItsHashAndItsReadingIsNotRemembered() {
    ModelConversion.convert(
        model,
        IMPORTS,
        settings,
        made,
        step -> {
          if (step.text().startsWith("reading")) {
            write(model, 3);
          }
        });
    assertThat(scaled()).isEqualTo(3);
    assertThat(remembered(IMPORTS)).isEmpty();
    write(model, 2);
    convert();
    assertThat(scaled()).isEqualTo(2);
    assertThat(remembered(IMPORTS)).isPresent();
  }

  @Test
  void aConversionOfWhichABuildFailedIsNotRemembered() {
    LoweringReport report = convert();
    settings = settings.withCacheDir(folder.resolve("other"));
    LoweringReport demoted =
        new LoweringReport(
            report.target(),
            report.precision(),
            report.nodesTotal(),
            report.nodesAit(),
            report.flopsAitShare(),
            report.partitions(),
            report.fallbackOps(),
            report.inputs(),
            report.outputs(),
            report.nodes(),
            List.of("the compiler was killed"));
    ConversionCache.of(model, IMPORTS, List.of(settings)).insert(made, List.of(demoted));
    assertThat(remembered(IMPORTS)).isEmpty();
    ConversionCache.of(model, IMPORTS, List.of(settings)).insert(made, List.of(report));
    assertThat(remembered(IMPORTS)).isPresent();
  }

  @Test
  void weightsInTheModelsOwnFileAreNotNone() {
    LoweringReport report = convert();
    ImportSettings same = new ImportSettings(IMPORTS.inputs(), Optional.of(model));
    assertThat(remembered(same)).isEmpty();
    ConversionCache.of(model, same, List.of(settings)).insert(made, List.of(report));
    assertThat(remembered(same)).isPresent();
  }

  @Test
  void otherInputsAreAnotherConversion() {
    convert();
    ImportSettings other =
        ImportSettings.of(List.of(new InputSpec("x", TensorMeta.contiguous(DType.FLOAT32, 3, 5))));
    assertThat(remembered(IMPORTS)).isPresent();
    assertThat(remembered(other)).isEmpty();
  }

  @Test
  void anAddedConverterThatIsNotThereIsNamedAndNothingIsRemembered() throws IOException {
    LoweringReport report = convert();
    Path services = Files.createDirectories(folder.resolve("jar/META-INF/services"));
    Path list = services.resolve(ConverterProvider.class.getName());
    Files.writeString(list, "com.example.Missing");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader with =
        new URLClassLoader(new URL[] {folder.resolve("jar").toUri().toURL()}, before)) {
      thread.setContextClassLoader(with);
      assertThat(remembered(IMPORTS)).isEmpty();
      ConversionCache.of(model, IMPORTS, List.of(settings)).insert(made, List.of(report));
      assertThat(remembered(IMPORTS)).isEmpty();
      assertThatThrownBy(this::convert)
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("com.example.Missing", list.toString());
    } finally {
      thread.setContextClassLoader(before);
    }
    assertThat(remembered(IMPORTS)).isPresent();
  }
}
