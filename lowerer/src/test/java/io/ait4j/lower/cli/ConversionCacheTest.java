package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.build.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole conversions from the cache. */
class ConversionCacheTest {
  @TempDir private Path folder;

  /** Leaves everything to libtorch, which is quick. */
  private Path convert(String out, Object... more) {
    Path aitm = folder.resolve(out);
    Object[] args = {
      "convert",
      Tool.MODELS.resolve("resnet20/model.pt2"),
      "-o",
      aitm,
      "--min-partition-size=100000",
      "--exclude-op=aten::linear",
      "--cache-dir",
      folder.resolve("cache")
    };
    Tool tool = Tool.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
    assertThat(tool.exit()).as(tool.err()).isZero();
    return aitm;
  }

  private List<Path> remembered() throws IOException {
    Path models = folder.resolve("cache/model");
    if (!Files.exists(models)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(models)) {
      return files.filter(file -> file.endsWith("model.aitm")).toList();
    }
  }

  @Test
  void theSameConversionIsTakenFromTheCache() throws IOException {
    Path first = convert("first.aitm");
    assertThat(remembered()).hasSize(1);
    assertThat(convert("second.aitm")).hasSameBinaryContentAs(first);
    assertThat(remembered()).hasSize(1);
    convert("third.aitm", "--exclude-op=aten::relu");
    assertThat(remembered()).as("other settings are another conversion").hasSize(2);
  }

  @Test
  void aDamagedEntryIsConvertedAnew() throws IOException {
    Path first = convert("first.aitm");
    Files.write(remembered().getFirst(), new byte[] {1, 2, 3});
    assertThat(convert("second.aitm")).hasSameBinaryContentAs(first);
    assertThat(remembered().getFirst()).hasSameBinaryContentAs(first);
  }

  @Test
  void anUndamagedEntryThatCannotBeReadIsReplaced() throws IOException {
    Path first = convert("first.aitm");
    Path entry = remembered().getFirst();
    Files.write(entry, new byte[] {1, 2, 3});
    Files.writeString(entry.resolveSibling("sha256"), Sha256.of(entry));
    assertThat(convert("second.aitm")).hasSameBinaryContentAs(first);
    assertThat(entry).hasSameBinaryContentAs(first);
  }

  @Test
  void keepsNothingUnlessItMay() throws IOException {
    convert("first.aitm", "--no-cache");
    assertThat(remembered()).isEmpty();
  }
}
