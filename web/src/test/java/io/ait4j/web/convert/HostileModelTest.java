package io.ait4j.web.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.process.WorkerLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models made to harm whoever reads them: each fails by itself, with the reason. */
class HostileModelTest {
  private static final Path MODEL =
      Path.of("../examples/models/resnet20/model.pt").toAbsolutePath();
  private static final WorkerLimits LIMITS =
      new WorkerLimits(3L << 30, 256L << 20, Duration.ofMinutes(5));

  @TempDir private Path folder;

  @Test
  void codeThatRunsWhileAModelIsLoadedReachesNoFile() throws Exception {
    Path secret = Files.write(folder.resolve("secret"), new byte[40]);
    Path made = folder.resolve("made");
    Path model =
        running(
            "stolen = torch.from_file('%s', False, 10)".formatted(secret),
            "torch.save(stolen, '%s')".formatted(made));
    ConversionFailed failed = convert(model);
    assertThat(failed.kind()).isEqualTo(ConversionFailed.Cause.IMPORT);
    assertThat(failed).hasMessageContaining("code/__torch__.py:");
    assertThat(made).doesNotExist();
  }

  @Test
  void aBombIsRefusedBeforeItGrows() throws Exception {
    Path model = folder.resolve("bomb.pt");
    try (ZipFile from = new ZipFile(MODEL.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(model))) {
      for (ZipEntry entry : from.stream().toList()) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        if (entry.getName().endsWith("/code/__torch__.py")) {
          zeros(to, 100 << 20);
        } else {
          from.getInputStream(entry).transferTo(to);
        }
        to.closeEntry();
      }
    }
    assertThat(Files.size(model)).isLessThan(4 << 20);
    ConversionFailed failed = convert(model);
    assertThat(failed.kind()).isEqualTo(ConversionFailed.Cause.IMPORT);
    assertThat(failed).hasMessageContaining("where at most");
  }

  @Test
  void aModelThatAsksForAllMemoryEndsByItself() throws Exception {
    ConversionFailed failed = convert(running("big = torch.ones([300000, 300000])", "print(big)"));
    assertThat(failed.kind())
        .isIn(ConversionFailed.Cause.IMPORT, ConversionFailed.Cause.MEMORY_LIMIT);
  }

  /** A model whose code runs while it is loaded. */
  private Path running(String... statements) {
    Path model = folder.resolve("running.pt");
    try (JitModule module = new JitModule(new QualifiedName("Running"))) {
      module.define("def __getstate__(self):\n    return 1\n");
      module.define(
          "def __setstate__(self, state: int):\n    " + String.join("\n    ", statements) + "\n");
      module.define("def forward(self, x):\n    return x + 1\n");
      module.save(model.toString());
    }
    return model;
  }

  private static void zeros(OutputStream to, int count) throws IOException {
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < count; i += block.length) {
      to.write(block);
    }
  }

  private ConversionFailed convert(Path model) throws Exception {
    return Running.start(
            new ConversionProcess(
                LIMITS,
                new OwnerCaches(folder.resolve("cache"), Long.MAX_VALUE, Optional.empty()),
                1),
            new ConversionTask(
                model,
                Optional.empty(),
                List.of(),
                new ConversionSettings(
                    null,
                    List.of("float32[2,3,32,32]"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    false,
                    null,
                    false),
                "tester",
                Files.createDirectory(folder.resolve("task"))),
            new ConversionListener() {
              @Override
              public void progress(Stage stage, int percent, String message) {}

              @Override
              public void log(String line) {
                System.err.println(line);
              }
            })
        .failure();
  }
}
