package io.ait4j.lower;

import io.ait4j.compiler.CompilerSettings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to load a lowered module.
 *
 * @param cacheDir where libraries are unpacked to, once each
 * @param threads most threads that one run uses; 0 is one for each available processor
 */
public record LoadSettings(Path cacheDir, int threads) {
  /** The user's cache folder, every processor. */
  public static final LoadSettings DEFAULT =
      new LoadSettings(CompilerSettings.defaultCacheDir(), 0);

  public LoadSettings {
    Objects.requireNonNull(cacheDir);
    if (threads < 0) {
      throw new IllegalArgumentException("negative: threads " + threads);
    }
  }
}
