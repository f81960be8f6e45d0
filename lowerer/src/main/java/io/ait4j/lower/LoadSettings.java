package io.ait4j.lower;

import io.ait4j.compiler.CompilerSettings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to load a lowered module.
 *
 * @param cacheDir where libraries are unpacked to, once each
 * @param threads most threads that one run uses; 0 is one for each available processor
 * @param gpu which of the machine's GPUs runs a module that is compiled for GPUs
 */
public record LoadSettings(Path cacheDir, int threads, int gpu) {
  /** The user's cache folder, every processor. */
  public static final LoadSettings DEFAULT =
      new LoadSettings(CompilerSettings.defaultCacheDir(), 0);

  public LoadSettings {
    Objects.requireNonNull(cacheDir);
    if (threads < 0 || gpu < 0) {
      throw new IllegalArgumentException("negative: threads " + threads + " or gpu " + gpu);
    }
  }

  /** With the first GPU. */
  public LoadSettings(Path cacheDir, int threads) {
    this(cacheDir, threads, 0);
  }
}
