package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.ConstantInfo;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.proto.ConstantRef;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of a file: the library alone, and the file compiled again. */
class ExportedLibraryTest {
  private static final LowerSettings SETTINGS = LowerSettings.DEFAULT;
  private static final float[] WEIGHT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  @TempDir private static Path folder;
  private static Path updatable;

  /** x w w + v, of which w w is folded, and v read as it is. */
  private static FxGraph graph() {
    return new TinyGraph()
        .weight("w", WEIGHT)
        .weight("v", 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
        .op("k", "mul.Tensor", "w", "w")
        .op("y", "mul.Tensor", "x", "k")
        .op("z", "maximum", "y", "v")
        .returns("z");
  }

  private static Path lower(FxGraph graph, String name, LowerSettings... targets) {
    Path file = folder.resolve(name);
    try (Arena arena = Arena.ofShared()) {
      LoweredModel.write(
          List.of(targets).stream()
              .map(settings -> AitLowerer.lower(graph, settings, arena, step -> {}))
              .toList(),
          file,
          part -> {});
    }
    return file;
  }

  @BeforeAll
  static void lower() {
    updatable =
        lower(graph(), "updatable.aitm", SETTINGS.withConstants(LowerSettings.Constants.UPDATABLE));
  }

  private static float[] run(AitModule module, float first) {
    NativeTensor out = TinyGraph.floats(new float[12]);
    module.run(List.of(TinyGraph.ramp(first)), List.of(out));
    return TinyGraph.read(out);
  }

  private static float[] run(Path file, float first) {
    try (LoweredModule module = LoweredModule.load(file);
        Arena arena = Arena.ofConfined()) {
      return TinyGraph.read(module.run(List.of(TinyGraph.ramp(first)), arena).getFirst());
    }
  }

  private static Path export(Path file, String name) {
    Path so = folder.resolve(name);
    Exporter.export(file, Optional.empty(), SETTINGS, so);
    return so;
  }

  @Test
  void aLibraryWithItsConstantsRunsAlone() throws IOException {
    Path so = export(updatable, "alone.so");
    float[] expected = run(updatable, -2);
    assertThat(expected).startsWith(3, 1, 4, 16, 50); // -2 and -1 and 0 fall below v
    try (AitModule module = AitModule.load(so, List.of())) {
      assertThat(module.constants()).allMatch(ConstantInfo::bound);
      assertThat(run(module, -2)).containsExactly(expected);
    }
    assertThat(Files.list(folder)).noneMatch(file -> file.toString().contains("ait4j-build"));
  }

  @Test
  void rawWeightsInAnUpdatableFileAreSetAndFoldedAnew() {
    float[] others = WEIGHT.clone();
    others[4] = 100;
    Path so = export(updatable, "set.so");
    try (AitModule module = AitModule.load(so, List.of())) {
      ConstantInfo raw =
          module.constants().stream()
              .filter(info -> info.use() == ConstantInfo.Use.FOLDING)
              .findFirst()
              .orElseThrow();
      module.setConstants(
          List.of(
              new Constant(
                  raw.name(), raw.dtype(), new long[] {12}, TinyGraph.floats(others).data())));
      module.foldConstants();
      assertThat(run(module, 0)[4]).isEqualTo(4 * 100 * 100);
      assertThat(run(module, 0)[5]).isEqualTo(5 * 6 * 6);
    }
  }

  @Test
  void aFileIsCompiledAgainFromItsOwnGraph() throws IOException {
    Path again = folder.resolve("again.aitm");
    ModelConversion.recompile(updatable, List.of(), SETTINGS, again, step -> {});
    assertThat(Files.mismatch(updatable, again)).isEqualTo(-1);
    Path other = folder.resolve("other.aitm");
    ModelConversion.recompile(updatable, List.of(CpuTarget.X86_64_V3), SETTINGS, other, step -> {});
    assertThat(LoweredFile.read(other).targets())
        .extracting(target -> target.report().target())
        .containsExactly("cpu:x86-64-v3");
    assertThat(run(other, 1)).containsExactly(run(updatable, 1));
  }

  @Test
  void aWeightThatNothingReadsIsNotMissed() {
    FxGraph graph =
        new TinyGraph()
            .weight("w", WEIGHT)
            .weight("unread", WEIGHT)
            .op("y", "mul.Tensor", "x", "w")
            .returns("y");
    Path file = lower(graph, "unread.aitm", SETTINGS);
    Path again = folder.resolve("unread-again.aitm");
    ModelConversion.recompile(file, List.of(), SETTINGS, again, step -> {});
    assertThat(run(again, 1)).containsExactly(run(file, 1));
  }

  private void assertNotExported(String why, Consumer<ConstantRef.Builder> change)
      throws IOException {
    Path wrong =
        AlteredFile.write(
            updatable,
            folder.resolve("wrong.aitm"),
            manifest ->
                manifest
                    .getVariantsBuilder(0)
                    .getPartitionsBuilder(0)
                    .getLibraryBuilder()
                    .getConstantsBuilderList()
                    .forEach(change));
    assertThatThrownBy(() -> export(wrong, "wrong.so"))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining(why);
    assertThat(folder.resolve("wrong.so")).doesNotExist();
  }

  @Test
  void constantsThatAreNotTheLibrarysAreNotExported() throws IOException {
    assertNotExported("it lacks the constant", ref -> ref.setName(ref.getName() + "?"));
    assertNotExported("48 bytes of int32", ref -> ref.setDtype("int32"));
    assertNotExported("'nothing' is missing", ref -> ref.setEntry("nothing"));
    assertNotExported("takes 48 bytes, has", ref -> ref.setEntry(AitmFile.GRAPH));
  }

  @Test
  void withoutItsWeightsAFileIsNotCompiledAgain() {
    Path bound = lower(graph(), "bound.aitm", SETTINGS);
    assertThatThrownBy(
            () ->
                ModelConversion.recompile(
                    bound, List.of(), SETTINGS, folder.resolve("no.aitm"), step -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has 1 of the model's weights only as they were folded")
        .hasMessageContaining("--constants updatable");
    assertThat(folder.resolve("no.aitm")).doesNotExist();
    try (AitModule module = AitModule.load(export(bound, "bound.so"), List.of())) {
      assertThat(run(module, 3)).containsExactly(run(bound, 3));
    }
  }

  @Test
  void aFileForTwoTargetsRunsAndExportsEither() {
    LowerSettings v3 = SETTINGS.withTarget(CpuTarget.X86_64_V3);
    Path both = lower(graph(), "both.aitm", v3, SETTINGS);
    assertThat(LoweredFile.read(both).targets())
        .extracting(target -> target.report().target())
        .containsExactly("cpu:x86-64-v3", "cpu:native");
    assertThat(LoweredFile.read(both).targets())
        .allMatch(target -> target.instructions().contains("avx2") && !target.glibc().isEmpty());
    try (LoweredModule module = LoweredModule.load(both)) {
      assertThat(module.targets()).containsExactly("cpu:x86-64-v3", "cpu:native");
    }
    assertThat(run(both, 2)).containsExactly(run(updatable, 2));
    assertThatThrownBy(() -> export(both, "which.so"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is compiled for cpu:x86-64-v3, cpu:native; say which by --target");
    Path so = folder.resolve("v3.so");
    Exporter.export(both, Optional.of("cpu:x86-64-v3"), SETTINGS, so);
    try (AitModule module = AitModule.load(so, List.of())) {
      assertThat(run(module, 2)).containsExactly(run(updatable, 2));
    }
  }

  @Test
  void whatOneLibraryCannotSayIsNotExported() {
    FxGraph twice = new TinyGraph().op("y", "relu", "x").op("z", "tanh", "y").returns("z", "x");
    assertThatThrownBy(() -> export(lower(twice, "twice.aitm", SETTINGS), "twice.so"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it returns an input, a weight or a number");
    Path split = lower(twice, "split.aitm", SETTINGS.withExcludedOps(Set.of("aten::tanh")));
    assertThatThrownBy(() -> export(split, "split.so"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it has 2 partitions of which 1 run on libtorch")
        .hasMessageContaining("--require-full");
    assertThat(folder.resolve("split.so")).doesNotExist();
  }
}
