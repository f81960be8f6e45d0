package io.ait4j.lower.text;

import io.ait4j.compiler.Precision;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.LowerSettings;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Settings that are one of a few words. Each method takes what the user calls the setting and what
 * is given for it, and throws {@link ModelException} (USAGE) naming both and the words there are.
 */
public final class SettingText {
  private SettingText() {}

  /** {@code fp32}, {@code tf32}, {@code fp16} or {@code bf16}. */
  public static Precision precision(String option, String text) {
    return Precision.named(text)
        .orElseThrow(
            () -> usage(option + " " + text + " is unknown; use fp32, tf32, fp16 or bf16"));
  }

  /** {@code session} or {@code external}. */
  public static LowerSettings.State state(String option, String text) {
    return one(LowerSettings.State.values(), option, text);
  }

  /** {@code bound} or {@code updatable}. */
  public static LowerSettings.Constants constants(String option, String text) {
    return one(LowerSettings.Constants.values(), option, text);
  }

  private static <T> T one(T[] values, String option, String text) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                usage(
                    "%s %s is unknown; use %s"
                        .formatted(
                            option,
                            text,
                            Arrays.stream(values)
                                .map(T::toString)
                                .collect(Collectors.joining(" or ")))));
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
