package io.ait4j.web.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time such as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h} or {@code 90d}. */
class Times implements ITypeConverter<Duration> {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  @Override
  public Duration convert(String text) {
    Matcher time = TIME.matcher(text.toLowerCase(Locale.ROOT));
    if (!time.matches()) {
      throw new TypeConversionException("'" + text + "' is no time such as 30s, 5m, 2h or 90d");
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** The same, or {@code forever}. */
  static final class OrForever extends Times {
    /** Longer than anything is kept. */
    static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Override
    public Duration convert(String text) {
      return text.equalsIgnoreCase("forever") ? FOREVER : super.convert(text);
    }
  }
}
