package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Manifest;
import io.ait4j.lower.proto.PartitionEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut off, or in which a bit has flipped. */
class DamagedFileTest {
  @TempDir private static Path folder;
  private static Path good;
  private static byte[] bytes;

  /** Where each entry begins, and how long it is. */
  private static final Map<String, long[]> ENTRIES = new TreeMap<>();

  @BeforeAll
  static void write() throws IOException {
    good = folder.resolve("good.aitm");
    try (Arena arena = Arena.ofShared()) {
      AitLowerer.lower(
              new TinyGraph()
                  .weight("w", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
                  .op("y", "mul.Tensor", "x", "w")
                  .op("t", "tanh", "y")
                  .returns("t", "w"),
              LowerSettings.DEFAULT.withExcludedOps(Set.of("aten::tanh")),
              arena,
              step -> {})
          .write(good);
      AitmFile file = AitmFile.map(good, arena);
      file.entries()
          .forEach(
              (name, entry) ->
                  ENTRIES.put(name, new long[] {entry.position(), entry.data().byteSize()}));
    }
    bytes = Files.readAllBytes(good);
  }

  /** A copy with one bit of a byte flipped. */
  private static Path flipped(long at) throws IOException {
    byte[] damaged = bytes.clone();
    damaged[(int) at] ^= 4;
    return Files.write(folder.resolve("damaged.aitm"), damaged);
  }

  private static LoadSettings settings() {
    return new LoadSettings(folder.resolve("cache"), 1);
  }

  @Test
  void aFlipInAnEntryOfAnyKindIsNoticedByWhoeverLoadsTheFile() throws IOException {
    assertThat(ENTRIES.keySet().stream().map(name -> name.replaceAll("[/.].*", "")))
        .containsOnly("manifest", "graph", "stitched", "report", "lib", "fallback", "constants");
    for (Map.Entry<String, long[]> entry : ENTRIES.entrySet()) {
      for (long at : new long[] {0, entry.getValue()[1] / 2, entry.getValue()[1] - 1}) {
        Path damaged = flipped(entry.getValue()[0] + at);
        assertNoticed(damaged, entry.getKey(), () -> LoweredFile.check(damaged));
        assertNoticed(
            damaged, entry.getKey(), () -> LoweredModule.load(damaged, settings()).close());
      }
    }
  }

  private void assertInconsistent(String why, Consumer<Manifest.Builder> change)
      throws IOException {
    Path wrong = AlteredFile.write(good, folder.resolve("wrong.aitm"), change);
    assertThatThrownBy(() -> LoweredModule.load(wrong, settings()).close())
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT))
        .hasMessageContaining(wrong + " is not a usable .aitm file: ")
        .hasMessageContaining(why);
  }

  private static PartitionEntry.Builder compiled(Manifest.Builder manifest) {
    return manifest.getVariantsBuilder(0).getPartitionsBuilderList().stream()
        .filter(PartitionEntry.Builder::hasLibrary)
        .findFirst()
        .orElseThrow();
  }

  private static ConstantRef.Builder constant(Manifest.Builder manifest) {
    return compiled(manifest).getLibraryBuilder().getConstantsBuilder(0);
  }

  @Test
  void aManifestThatNamesWhatIsNotThereIsNoticed() throws IOException {
    assertInconsistent("the target 'gpu'", m -> m.getVariantsBuilder(0).setTarget("gpu"));
    assertInconsistent(
        "do not fit together",
        m -> m.getVariantsBuilder(0).getRequirementsBuilder().setGlibc("rubbish"));
    assertInconsistent("do not fit together", m -> compiled(m).setOutputs(0, "nobody"));
    assertInconsistent("'int3' is unknown", m -> constant(m).setDtype("int3"));
    assertInconsistent("'nowhere' is missing", m -> constant(m).setEntry("nowhere"));
  }

  @Test
  void aLibraryThatIsNotUsedAfterAllIsUnloaded() throws IOException {
    assertInconsistent("strides", m -> constant(m).getWeightBuilder().clearStrides());
    Path cache = folder.resolve("cache").toRealPath();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .noneMatch(line -> line.contains(cache.toString()) && line.endsWith(".so"));
  }

  private static void assertNoticed(Path file, String entry, ThrowingCallable reader) {
    assertThatThrownBy(reader)
        .as(entry)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file + " is not a usable .aitm file: ")
        .hasMessageContaining("'" + entry + "'")
        .hasMessageContaining("convert the model again");
  }

  @Test
  void aFileThatIsCutOffAnywhereIsNotLoaded() throws IOException {
    for (int i = 0; i < 40; i++) {
      byte[] part = Arrays.copyOf(bytes, (int) ((long) bytes.length * i / 40));
      Path cut = Files.write(folder.resolve("cut.aitm"), part);
      assertThatThrownBy(() -> LoweredModule.load(cut, settings()).close())
          .as(part.length + " of " + bytes.length + " bytes")
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(cut.toString())
          .extracting(e -> ((ModelException) e).kind())
          .isEqualTo(ModelException.Kind.IMPORT);
    }
  }

  @Test
  void constantsAreReadAgainOnlyIfTheFileWasWrittenTo() throws IOException {
    Path copy = Files.copy(good, folder.resolve("copy.aitm"), StandardCopyOption.REPLACE_EXISTING);
    FileTime written = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(copy, written);
    LoadSettings settings = new LoadSettings(folder.resolve("fresh"), 1);
    LoweredModule.load(copy, settings).close();
    String constant =
        ENTRIES.keySet().stream()
            .filter(name -> name.startsWith("constants/"))
            .collect(Collectors.toList())
            .getFirst();
    byte[] damaged = bytes.clone();
    damaged[(int) ENTRIES.get(constant)[0]] ^= 1;
    Files.write(copy, damaged);
    Files.setLastModifiedTime(copy, written); // as bits that rot on a disk do not change it
    LoweredModule.load(copy, settings).close();
    assertThatThrownBy(() -> LoweredFile.check(copy)).hasMessageContaining("'" + constant + "'");
    Files.setLastModifiedTime(copy, FileTime.fromMillis(1_700_000_001_000L));
    assertThatThrownBy(() -> LoweredModule.load(copy, settings).close())
        .hasMessageContaining("'" + constant + "'");
  }

  @Test
  void aWholeFileIs() {
    assertThat(LoweredFile.check(good))
        .isEqualTo(ENTRIES.values().stream().mapToLong(entry -> entry[1]).sum());
  }
}
