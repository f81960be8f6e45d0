package io.ait4j.lower.cli;

import io.ait4j.fx.ModelException;
import io.ait4j.lower.LowerSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a user says of a build whose file says the rest. */
final class BuildOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where compiled libraries are kept. Default: ait4j in the user's cache folder.")
  private Path cacheDir;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most threads to compile on. Default: one for each processor.")
  private int threads;

  LowerSettings settings() {
    if (threads < 0) {
      throw new ModelException(ModelException.Kind.USAGE, "--threads takes a number from 0 on");
    }
    LowerSettings settings = LowerSettings.DEFAULT.withThreads(threads);
    return cacheDir == null ? settings : settings.withCacheDir(cacheDir);
  }
}
