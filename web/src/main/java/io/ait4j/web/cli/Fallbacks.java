package io.ait4j.web.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What an option is that no flag gives: a variable of the environment, else a line of the file. */
final class Fallbacks implements IDefaultValueProvider {
  private final Map<String, String> environment;
  private final Map<String, String> file;

  Fallbacks(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /** {@code max-upload} of {@code --max-upload}. */
  static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^--", "");
  }

  /** {@code AIT4J_MAX_UPLOAD} of {@code --max-upload}. */
  static String variable(OptionSpec option) {
    return "AIT4J_" + key(option).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public String defaultValue(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option)) {
      return null;
    }
    String value = environment.get(variable(option));
    return value != null ? value : file.get(key(option));
  }

  /** Where the value came from, for a message; empty if from a flag or our own default. */
  String origin(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option)) {
      return "";
    }
    if (environment.containsKey(variable(option))) {
      return " (from the environment's " + variable(option) + ")";
    }
    return file.containsKey(key(option)) ? " (from the line " + key(option) + " of --config)" : "";
  }
}
