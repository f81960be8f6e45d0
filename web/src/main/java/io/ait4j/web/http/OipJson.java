package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Set;

/** Reading the protocol's JSON, token by token. */
final class OipJson {
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100)
                  .maxStringLength(10_000)
                  .maxNameLength(1_000)
                  .maxNumberLength(100)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  /** What would give another result than the caller expects if it were ignored. */
  private static final Set<String> REFUSED =
      Set.of(
          "sequence_id",
          "sequence_start",
          "sequence_end",
          "shared_memory_region",
          "shared_memory_offset",
          "shared_memory_byte_size",
          "classification");

  private OipJson() {}

  static Problem bad(String why) {
    return new Problem(Problems.BAD_REQUEST, why);
  }

  static Problem unknown(String member, String where) {
    return bad("%s has no member \"%s\"".formatted(where, member));
  }

  static void requireObject(JsonParser json, String what) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw bad(what + " is not an object");
    }
  }

  static String text(JsonParser json, String what) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw bad(what + " is not a string");
    }
    return json.getText();
  }

  /** A whole number from 0 on. */
  static long number(JsonParser json, String what) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || json.getLongValue() < 0) {
      throw bad(what + " is not a whole number from 0 on");
    }
    return json.getLongValue();
  }

  static boolean truth(JsonParser json, String what) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw bad(what + " is not true or false");
    };
  }

  /** A parameter that has no meaning here, which the protocol allows. */
  static void ignore(String parameter, JsonParser json) throws IOException {
    if (REFUSED.contains(parameter)) {
      throw bad(
          "parameter \"%s\" is not supported: requests share no state or memory, and tensors come"
                  .formatted(parameter)
              + " whole");
    }
    json.skipChildren();
  }
}
