package io.ait4j.web.http;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ait4j.web.infer.Datatype;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor's elements as JSON: nested by its dimensions or flat when read, flat when written.
 * Numbers that JSON has no form for are strings, as in protobuf's JSON: {@code "NaN"}, {@code
 * "Infinity"}, {@code "-Infinity"}.
 */
final class TensorJson {
  private final String name;
  private final Datatype datatype;
  private final long[] sizes;
  private final MemorySegment data;
  private final long count;
  private long at;

  TensorJson(String name, Datatype datatype, long[] sizes, MemorySegment data) {
    this.name = name;
    this.datatype = datatype;
    this.sizes = sizes;
    this.data = data;
    this.count = data.byteSize() / datatype.bytes();
  }

  /** Reads the array at which the parser stands. */
  void read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw wrong("\"data\" is not an array");
    }
    JsonToken first = json.nextToken();
    if (first == JsonToken.START_ARRAY && sizes.length > 1) {
      readNested(json, 0);
    } else {
      for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
        readElement(json);
      }
    }
    if (at != count) {
      throw wrong("\"data\" has %d elements, and its shape %d".formatted(at, count));
    }
  }

  /** Reads the rest of an array of which the parser stands at the first element. */
  private void readNested(JsonParser json, int dim) throws IOException {
    long length = 0;
    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
      length++;
      if (dim == sizes.length - 1) {
        readElement(json);
      } else if (json.currentToken() == JsonToken.START_ARRAY) {
        json.nextToken();
        readNested(json, dim + 1);
      } else {
        throw wrong("\"data\" is nested here and not there");
      }
    }
    if (length != sizes[dim]) {
      throw wrong(
          "\"data\" has %d elements in dimension %d of shape %s"
              .formatted(length, dim, Arrays.toString(sizes)));
    }
  }

  private void readElement(JsonParser json) throws IOException {
    if (at == count) {
      throw wrong("\"data\" has more than the %d elements of its shape".formatted(count));
    }
    JsonToken token = json.currentToken();
    switch (datatype) {
      case BOOL -> data.set(JAVA_BYTE, at, (byte) (truth(json, token) ? 1 : 0));
      case UINT8 -> data.set(JAVA_BYTE, at, (byte) integer(json, token, 0, 255));
      case INT8 -> data.set(JAVA_BYTE, at, (byte) integer(json, token, -128, 127));
      case INT16 ->
          data.set(
              JAVA_SHORT_UNALIGNED,
              at * 2,
              (short) integer(json, token, Short.MIN_VALUE, Short.MAX_VALUE));
      case INT32 ->
          data.set(
              JAVA_INT_UNALIGNED,
              at * 4,
              (int) integer(json, token, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT64 ->
          data.set(
              JAVA_LONG_UNALIGNED, at * 8, integer(json, token, Long.MIN_VALUE, Long.MAX_VALUE));
      case FP32 -> data.set(JAVA_FLOAT_UNALIGNED, at * 4, single(json, token));
      case FP64 -> data.set(JAVA_DOUBLE_UNALIGNED, at * 8, real(json, token));
      case FP16, BF16 ->
          throw wrong(datatype + " has no form in JSON; send it in binary (\"binary_data_size\")");
    }
    at++;
  }

  private boolean truth(JsonParser json, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> integer(json, token, 0, 1) == 1;
    };
  }

  private long integer(JsonParser json, JsonToken token, long least, long most) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw element("is not an integer");
    }
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || json.getLongValue() < least
        || json.getLongValue() > most) {
      throw element("is out of range");
    }
    return json.getLongValue();
  }

  private float single(JsonParser json, JsonToken token) throws IOException {
    double value = real(json, token);
    if (Double.isFinite(value) && Float.isInfinite((float) value)) {
      throw element("is out of range");
    }
    return token.isNumeric() ? json.getFloatValue() : (float) value;
  }

  private double real(JsonParser json, JsonToken token) throws IOException {
    if (token.isNumeric()) {
      double value = json.getDoubleValue();
      if (Double.isInfinite(value)) {
        throw element("is out of range");
      }
      return value;
    }
    String text = token == JsonToken.VALUE_STRING ? json.getText() : "";
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw element("is not a number");
    };
  }

  private Problem element(String why) {
    return wrong("element %d of \"data\" %s of type %s".formatted(at, why, datatype));
  }

  private Problem wrong(String why) {
    return new Problem(Problems.BAD_REQUEST, "input '%s': %s".formatted(name, why));
  }

  /** Writes all elements as one array. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (long i = 0; i < count; i++) {
      switch (datatype) {
        case BOOL -> json.writeBoolean(data.get(JAVA_BYTE, i) != 0);
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get(JAVA_BYTE, i)));
        case INT8 -> json.writeNumber((int) data.get(JAVA_BYTE, i));
        case INT16 -> json.writeNumber((int) data.get(JAVA_SHORT_UNALIGNED, i * 2));
        case INT32 -> json.writeNumber(data.get(JAVA_INT_UNALIGNED, i * 4));
        case INT64 -> json.writeNumber(data.get(JAVA_LONG_UNALIGNED, i * 8));
        case FP32 -> json.writeNumber(data.get(JAVA_FLOAT_UNALIGNED, i * 4));
        case FP64 -> json.writeNumber(data.get(JAVA_DOUBLE_UNALIGNED, i * 8));
        case FP16, BF16 -> throw new IllegalStateException(datatype + " in JSON");
      }
    }
    json.writeEndArray();
  }
}
