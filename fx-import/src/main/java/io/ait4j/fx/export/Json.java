package io.ait4j.fx.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A JSON text read in one go, as Python writes it (NaN and Infinity are numbers). Each method reads
 * the value that the reader stands on and leaves it on that value's last token.
 */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(100_000_000)
                  .maxNestingDepth(400)
                  .build())
          .build();

  private final String name;
  private final JsonParser in;

  private Json(String name, JsonParser in) {
    this.name = name;
    this.in = in;
  }

  /**
   * Reads a whole text.
   *
   * @param name of the text, for messages
   * @throws ModelException (IMPORT) saying where it is not what {@code reader} expects
   */
  static <T> T read(String name, byte[] text, java.util.function.Function<Json, T> reader) {
    try (JsonParser in = FACTORY.createParser(text)) {
      Json json = new Json(name, in);
      json.next();
      T result = reader.apply(json);
      if (in.nextToken() != null) {
        throw json.bad("goes on after its end");
      }
      return result;
    } catch (IOException e) {
      throw malformed(name, e);
    }
  }

  /** Reads an object: {@code field} gets each key with the reader on its value, and reads it. */
  void fields(Consumer<String> field) {
    expect(JsonToken.START_OBJECT, "an object");
    while (next() != JsonToken.END_OBJECT) {
      String key = string();
      next();
      field.accept(key);
    }
  }

  <T> List<T> list(Supplier<T> element) {
    expect(JsonToken.START_ARRAY, "a list");
    List<T> all = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      all.add(element.get());
    }
    return all;
  }

  /** In the order of the text. */
  <T> Map<String, T> map(Supplier<T> value) {
    Map<String, T> all = new LinkedHashMap<>();
    fields(key -> all.put(key, value.get()));
    return all;
  }

  /** Null for null. */
  <T> T orNull(Supplier<T> value) {
    return in.currentToken() == JsonToken.VALUE_NULL ? null : value.get();
  }

  /** A union: an object of which one field is not null. */
  <T> T union(String what, java.util.function.Function<String, T> variant) {
    List<T> found = new ArrayList<>(1);
    fields(
        key -> {
          if (in.currentToken() != JsonToken.VALUE_NULL) {
            found.add(variant.apply(key));
          }
        });
    if (found.size() != 1) {
      throw bad("has " + found.size() + " values where " + what + " has one");
    }
    return found.getFirst();
  }

  String text() {
    expect(JsonToken.VALUE_STRING, "a string");
    return string();
  }

  boolean bool() {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw bad("has " + shown() + " where a truth value belongs");
    };
  }

  long integer() {
    expect(JsonToken.VALUE_NUMBER_INT, "an integer");
    try {
      return in.getLongValue();
    } catch (IOException e) {
      throw bad("has an integer that 64 bits do not hold");
    }
  }

  int small() {
    long value = integer();
    if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
      throw bad("has the number " + value + ", out of range");
    }
    return (int) value;
  }

  /** A number, or one that is written as a string ({@code "Infinity"}). */
  double number() {
    try {
      return switch (in.currentToken()) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getDoubleValue();
        case VALUE_STRING ->
            switch (string()) {
              case "NaN", "nan" -> Double.NaN;
              case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
              case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
              default -> throw bad("has '" + string() + "' where a number belongs");
            };
        default -> throw bad("has " + shown() + " where a number belongs");
      };
    } catch (IOException e) {
      throw malformed(name, e);
    }
  }

  boolean isNumber() {
    return in.currentToken().isNumeric();
  }

  boolean isText() {
    return in.currentToken() == JsonToken.VALUE_STRING;
  }

  boolean isNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean isObject() {
    return in.currentToken() == JsonToken.START_OBJECT;
  }

  void skip() {
    try {
      in.skipChildren();
    } catch (IOException e) {
      throw malformed(name, e);
    }
  }

  /** A value that must be there; {@code null} says it was missing. */
  <T> T required(T value, String field) {
    if (value == null) {
      throw bad("misses the field '" + field + "'");
    }
    return value;
  }

  ModelException bad(String problem) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "%s (at %s) %s; export the model again"
            .formatted(name, in.getParsingContext().pathAsPointer(), problem));
  }

  private void expect(JsonToken token, String what) {
    if (in.currentToken() != token) {
      throw bad("has " + shown() + " where " + what + " belongs");
    }
  }

  private String shown() {
    return in.currentToken() == null
        ? "nothing"
        : switch (in.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "a list";
          case VALUE_STRING -> "a string";
          case VALUE_NULL -> "null";
          case VALUE_TRUE, VALUE_FALSE -> "a truth value";
          default -> "a number";
        };
  }

  private String string() {
    try {
      return in.getText();
    } catch (IOException e) {
      throw malformed(name, e);
    }
  }

  private JsonToken next() {
    try {
      JsonToken token = in.nextToken();
      if (token == null) {
        throw bad("ends too early");
      }
      return token;
    } catch (IOException e) {
      throw malformed(name, e);
    }
  }

  private static ModelException malformed(String name, IOException e) {
    String why =
        e instanceof JsonProcessingException j
            ? j.getOriginalMessage() + " at line " + j.getLocation().getLineNr()
            : e.getMessage();
    return new ModelException(
        ModelException.Kind.IMPORT,
        name + " is no valid JSON: " + why + "; copy the file again",
        e);
  }
}
