package io.ait4j.web.cli;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Options from one list in three places: a flag wins over the environment, the environment over the
 * file that {@code --config} names, that over the default.
 */
final class Layered {
  private static final String CONFIG = "--config";

  private Layered() {}

  /**
   * Fills {@code options} from flags that the command line took already.
   *
   * @throws ModelException (USAGE) if a value is wrong, or the file has a line that is no option
   */
  static <T> T fill(T options, Map<String, String> environment, ParseResult flags) {
    CommandSpec known = new CommandLine(options).getCommandSpec();
    List<String> given = new ArrayList<>();
    for (ParseResult level = flags; level != null; level = level.subcommand()) {
      for (OptionSpec option : level.matchedOptions()) {
        if (known.findOption(option.longestName()) != null) {
          option.originalStringValues().forEach(v -> given.add(option.longestName() + "=" + v));
        }
      }
    }
    return fill(options, environment, given.toArray(new String[0]));
  }

  /** Likewise, from flags as text. */
  static <T> T fill(T options, Map<String, String> environment, String... flags) {
    CommandLine line = new CommandLine(options);
    Map<String, String> file = file(environment, flags);
    Fallbacks fallbacks = new Fallbacks(environment, file);
    try {
      line.setDefaultValueProvider(fallbacks).parseArgs(flags);
      return options;
    } catch (ParameterException e) {
      String origin = e.getArgSpec() == null ? "" : fallbacks.origin(e.getArgSpec());
      throw new ModelException(ModelException.Kind.USAGE, e.getMessage() + origin, e);
    }
  }

  private static Map<String, String> file(Map<String, String> environment, String... flags) {
    String name = environment.get("AIT4J_CONFIG");
    for (int i = 0; i < flags.length; i++) {
      if (flags[i].startsWith(CONFIG + "=")) {
        name = flags[i].substring(CONFIG.length() + 1);
      } else if (flags[i].equals(CONFIG) && i + 1 < flags.length) {
        name = flags[i + 1];
      }
    }
    return name == null ? Map.of() : read(Path.of(name));
  }

  private static Map<String, String> read(Path file) {
    Properties lines = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      lines.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelException(
          ModelException.Kind.USAGE, "cannot read --config %s: %s".formatted(file, e), e);
    }
    // The server's, whatever the command: they share the file.
    Set<String> known =
        new CommandLine(new ServeOptions())
            .getCommandSpec().options().stream().map(Fallbacks::key).collect(Collectors.toSet());
    Map<String, String> values = new HashMap<>();
    for (String key : lines.stringPropertyNames()) {
      if (!known.contains(key)) {
        throw new ModelException(
            ModelException.Kind.USAGE,
            "%s: there is no option '%s'; 'ait4j serve --help' lists what there is"
                .formatted(file, key));
      }
      values.put(key, lines.getProperty(key).strip());
    }
    return values;
  }
}
