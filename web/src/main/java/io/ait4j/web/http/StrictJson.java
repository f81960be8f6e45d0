package io.ait4j.web.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads JSON of callers, and takes no member that it does not know. */
final class StrictJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private StrictJson() {}

  /**
   * @param what the JSON is, as a message calls it
   * @param wrong the kind of error that it is if it is something else
   */
  static <T> T read(String json, Class<T> type, String what, Problem.Type wrong) {
    try {
      T read = MAPPER.readValue(json, type);
      if (read == null) {
        throw new Problem(wrong, what + " is null");
      }
      return read;
    } catch (UnrecognizedPropertyException e) {
      String known =
          e.getKnownPropertyIds().stream()
              .map(Object::toString)
              .sorted()
              .collect(Collectors.joining(", "));
      throw new Problem(
          wrong,
          "%s has no member '%s'; there are %s"
              .formatted(what, FileNames.plain(e.getPropertyName(), ""), known));
    } catch (JsonMappingException e) {
      String member =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .filter(Objects::nonNull)
              .collect(Collectors.joining("."));
      throw new Problem(
          wrong,
          member.isEmpty()
              ? what + " is no JSON object of the right members"
              : "%s: the member '%s' has a value of the wrong type".formatted(what, member));
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
      throw new Problem(
          wrong,
          "%s is no JSON (line %d, column %d): %s"
              .formatted(
                  what, line, column, e.getOriginalMessage().lines().findFirst().orElse("")));
    }
  }
}
