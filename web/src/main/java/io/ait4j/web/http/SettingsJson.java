package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.ait4j.web.convert.ConversionSettings;

/** Reads the part {@code settings}. */
final class SettingsJson {
  private SettingsJson() {}

  /**
   * @throws Problem if they are not settings
   */
  static ConversionSettings parse(String json) {
    ConversionSettings settings =
        StrictJson.read(
            json, ConversionSettings.class, "the part settings", Problems.INVALID_SETTINGS);
    try {
      settings.check();
    } catch (ModelException e) {
      throw new Problem(Problems.INVALID_SETTINGS, e.getMessage());
    }
    return settings;
  }
}
