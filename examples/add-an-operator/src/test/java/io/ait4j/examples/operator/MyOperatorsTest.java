package io.ait4j.examples.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.SampleFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MyOperatorsTest {
  private static final Path RESNET = Path.of("..", "models", "resnet20");
  private static final String RELU = "torch.ops.aten.relu.default";

  @TempDir private Path folder;

  /**
   * Both operators do here what relu does, so that a model whose relus are named after them
   * computes what PyTorch has recorded of it.
   */
  @Test
  void aModelWithOperatorsFromThisJarAgreesWithPyTorch() throws IOException {
    Path model = folder.resolve("model.pt2");
    int renamed = rename(RESNET.resolve("model.pt2"), model);
    assertThat(renamed).isGreaterThan(10);
    Path aitm = folder.resolve("model.aitm");
    LoweringReport report =
        ModelConversion.convert(
            model,
            ImportSettings.DEFAULT,
            LowerSettings.DEFAULT.withCacheDir(folder.resolve("cache")),
            aitm,
            step -> {});
    assertThat(report.fallbackPartitions()).isZero();
    assertThat(report.nodes().stream().map(LoweringReport.NodeRow::op))
        .filteredOn(op -> op.startsWith("myops::"))
        .hasSize(renamed)
        .contains("myops::rectify", "myops::shrink");
    try (SampleFile sample = SampleFile.open(RESNET.resolve("io.safetensors"));
        LoweredModule module = LoweredModule.load(aitm, new LoadSettings(folder, 2));
        Arena arena = Arena.ofConfined()) {
      List<NativeTensor> outputs = module.run(sample.inputs(), arena);
      assertThat(outputs).hasSameSizeAs(sample.outputs());
      assertThat(Comparison.of(outputs.getFirst(), sample.outputs().getFirst(), 1e-5).complaint())
          .isEmpty();
    }
  }

  /** Copies a model, every other relu named after each of our operators; how many there are. */
  private static int rename(Path from, Path to) throws IOException {
    int[] count = {0};
    try (ZipFile in = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : in.stream().toList()) {
        byte[] content = in.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".json")) {
          String text = new String(content, StandardCharsets.UTF_8);
          text =
              Pattern.compile('"' + RELU + '"', Pattern.LITERAL)
                  .matcher(text)
                  .replaceAll(
                      found ->
                          count[0]++ % 2 == 0
                              ? "\"torch.ops.myops.rectify.default\""
                              : "\"torch.ops.myops.shrink.default\"");
          content = text.getBytes(StandardCharsets.UTF_8);
        }
        out.putNextEntry(stored(entry.getName(), content));
        out.write(content);
      }
    }
    return count[0];
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }
}
