package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.ait4j.web.convert.ConversionSettings;
import java.util.regex.Pattern;

/** Reads the part {@code settings}. */
final class SettingsJson {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private SettingsJson() {}

  /**
   * @throws Problem if they are not settings
   */
  static ConversionSettings parse(String json) {
    ConversionSettings settings =
        StrictJson.read(
            json, ConversionSettings.class, "the part settings", Problems.INVALID_SETTINGS);
    if (settings.name() != null && !NAME.matcher(settings.name()).matches()) {
      throw new Problem(
          Problems.INVALID_SETTINGS,
          "a model's name has 1 to 128 letters, digits, '.', '_' or '-' and begins with a letter or"
              + " digit; '%s' does not".formatted(FileNames.plain(settings.name(), "")));
    }
    try {
      settings.check();
    } catch (ModelException e) {
      throw new Problem(Problems.INVALID_SETTINGS, e.getMessage());
    }
    return settings;
  }
}
