package io.ait4j.web.cli;

import com.sun.management.OperatingSystemMXBean;
import io.ait4j.fx.ModelException;
import io.ait4j.web.infer.InferenceSettings;
import io.ait4j.web.process.WorkerLimits;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How models are served. */
final class InferenceOptions {
  private static final long DISK_BYTES = 2L << 30;
  private static final Duration LOAD_TIME = Duration.ofMinutes(5);

  @Option(
      names = "--model-memory",
      paramLabel = "SIZE",
      converter = Bytes.class,
      description =
          "What all loaded models together may take, by estimate, and any of them by measurement;"
              + " half of the machine's without it. The one unused for longest is unloaded first.")
  private Long memory;

  @Option(
      names = "--model-buffer",
      paramLabel = "SIZE",
      defaultValue = "64m",
      converter = Bytes.class,
      description =
          "Most that tensors of one model's requests may take, and those of its responses"
              + " (${DEFAULT-VALUE}): more for larger tensors.")
  private long buffer;

  @Option(
      names = "--max-pending",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests to one model that may wait (${DEFAULT-VALUE}); more get 429.")
  private int pending;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Most rows of several requests in one run of a model that can (${DEFAULT-VALUE}); 1 runs"
              + " each request alone.")
  private int batch;

  @Option(
      names = "--batch-delay",
      paramLabel = "TIME",
      defaultValue = "2ms",
      converter = Times.class,
      description =
          "How long a request waits for others to share its run while the model is busy"
              + " (${DEFAULT-VALUE}).")
  private Duration delay;

  @Option(
      names = "--inference-time",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Times.class,
      description =
          "How long a request may take, waiting included (${DEFAULT-VALUE}); a model that takes"
              + " longer is started anew.")
  private Duration time;

  InferenceSettings settings(Path folder) {
    if (pending < 1 || batch < 1 || buffer < 1 || !time.isPositive()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "--max-pending, --max-batch, --model-buffer and --inference-time are 1 or more");
    }
    long all = memory == null ? machine() / 2 : memory;
    return new InferenceSettings(
        folder,
        all,
        new WorkerLimits(all, DISK_BYTES, null),
        buffer,
        0,
        Runtime.getRuntime().availableProcessors(),
        pending,
        batch,
        delay,
        time,
        LOAD_TIME);
  }

  private static long machine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
