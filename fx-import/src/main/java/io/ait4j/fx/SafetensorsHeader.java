package io.ait4j.fx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file: u64 length, then JSON; offsets count from its end. */
record SafetensorsHeader(long dataStart, List<Entry> entries, Map<String, String> metadata) {
  /** The reference implementation's limit. */
  private static final long MAX_BYTES = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength((int) MAX_BYTES).build())
          .build();

  record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

  /** What is wrong with a file, without its name. */
  static final class Corrupt extends Exception {
    private static final long serialVersionUID = 1L;

    Corrupt(String message) {
      super(message);
    }
  }

  static SafetensorsHeader parse(MemorySegment file) throws Corrupt {
    if (file.byteSize() < Long.BYTES) {
      throw new Corrupt("it has " + file.byteSize() + " bytes, fewer than the header's length");
    }
    long length = file.get(LENGTH, 0);
    if (length < 2 || length > MAX_BYTES) {
      throw new Corrupt("its header's length would be " + Long.toUnsignedString(length) + " bytes");
    }
    if (length > file.byteSize() - Long.BYTES) {
      throw new Corrupt(
          "it ends after " + file.byteSize() + " bytes, inside a header of " + length);
    }
    String json = utf8(file.asSlice(Long.BYTES, length).asByteBuffer());
    if (json.charAt(0) != '{') {
      throw new Corrupt("its header does not begin with '{'");
    }
    SafetensorsHeader header = read(json, Long.BYTES + length);
    header.checkRanges(file.byteSize() - header.dataStart);
    return header;
  }

  private static String utf8(ByteBuffer bytes) throws Corrupt {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new Corrupt("its header is not UTF-8");
    }
  }

  private static SafetensorsHeader read(String json, long dataStart) throws Corrupt {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new Corrupt("entry '" + name + "' is not an object");
        }
        if (name.equals("__metadata__")) {
          readMetadata(parser, metadata);
        } else {
          entries.add(readEntry(parser, name));
        }
      }
      if (parser.nextToken() != null) {
        throw new Corrupt("text follows the header's JSON object");
      }
    } catch (IOException e) {
      throw new Corrupt("its header is not JSON: " + e.getMessage().lines().findFirst().orElse(""));
    }
    return new SafetensorsHeader(dataStart, entries, metadata);
  }

  private static void readMetadata(JsonParser parser, Map<String, String> metadata)
      throws IOException, Corrupt {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new Corrupt("metadata '" + key + "' is not a string");
      }
      metadata.put(key, parser.getText());
    }
  }

  private static Entry readEntry(JsonParser parser, String name) throws IOException, Corrupt {
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> dtype = dtype(parser, name);
        case "shape" -> shape = counts(parser, "shape of tensor '" + name + "'");
        case "data_offsets" -> offsets = counts(parser, "data_offsets of tensor '" + name + "'");
        default -> throw new Corrupt("tensor '" + name + "' has an unknown field '" + field + "'");
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw new Corrupt("tensor '" + name + "' lacks dtype, shape or data_offsets");
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw new Corrupt("data_offsets of tensor '" + name + "' are not [begin, end]");
    }
    Entry entry = new Entry(name, dtype, shape, offsets[0], offsets[1]);
    checkSize(entry);
    return entry;
  }

  private static DType dtype(JsonParser parser, String name) throws IOException, Corrupt {
    String text = parser.getText();
    return DType.ofSafetensorsName(text)
        .orElseThrow(
            () -> new Corrupt("tensor '" + name + "' has the unsupported dtype '" + text + "'"));
  }

  private static long[] counts(JsonParser parser, String what) throws IOException, Corrupt {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new Corrupt(what + " is not a list");
    }
    long[] values = new long[4];
    int n = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw new Corrupt(what + " holds '" + parser.getText() + "', not a size");
      }
      values = n == values.length ? Arrays.copyOf(values, 2 * n) : values;
      values[n++] = parser.getLongValue();
    }
    return Arrays.copyOf(values, n);
  }

  private static void checkSize(Entry entry) throws Corrupt {
    try {
      long bytes = entry.dtype.bytes();
      for (long size : entry.shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      if (bytes != entry.end - entry.begin) {
        throw new Corrupt(
            "tensor '%s' needs %d bytes for %s%s but its data_offsets hold %d"
                .formatted(
                    entry.name,
                    bytes,
                    entry.dtype.torchName(),
                    Arrays.toString(entry.shape),
                    entry.end - entry.begin));
      }
    } catch (ArithmeticException e) {
      throw new Corrupt("tensor '" + entry.name + "' is larger than any file");
    }
  }

  /** The ranges tile the data: no gap, no overlap, nothing after the last. */
  private void checkRanges(long dataBytes) throws Corrupt {
    long end = 0;
    List<Entry> byPlace =
        entries.stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    for (Entry entry : byPlace) {
      if (entry.begin != end) {
        throw new Corrupt(
            "tensor '%s' begins at byte %d of the data where %d was expected (%s)"
                .formatted(
                    entry.name, entry.begin, end, entry.begin < end ? "an overlap" : "a gap"));
      }
      end = entry.end;
    }
    if (end != dataBytes) {
      throw new Corrupt(
          dataBytes < end
              ? "it is truncated: its tensors take "
                  + end
                  + " bytes but only "
                  + dataBytes
                  + " are there"
              : "its tensors take " + end + " bytes but " + dataBytes + " are there");
    }
  }

  /** Length and JSON of a header for tensors that follow one another in this order. */
  static byte[] text(List<Map.Entry<String, NativeTensor>> tensors, Map<String, String> metadata) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(json)) {
      out.writeStartObject();
      if (!metadata.isEmpty()) {
        out.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
      }
      long at = 0;
      for (Map.Entry<String, NativeTensor> entry : tensors) {
        at = writeEntry(out, entry.getKey(), entry.getValue(), at);
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Spaces pad the header so that the data begins aligned.
    int length = (json.size() + 7) / 8 * 8;
    byte[] bytes = new byte[Long.BYTES + length];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(json.toByteArray());
    return bytes;
  }

  private static long writeEntry(JsonGenerator out, String name, NativeTensor tensor, long at)
      throws IOException {
    String dtype =
        tensor
            .dtype()
            .safetensorsName()
            .orElseThrow(
                () ->
                    new ModelException(
                        ModelException.Kind.USAGE,
                        "tensor '%s' is %s, which a safetensors file cannot hold; split it into real and imaginary parts"
                            .formatted(name, tensor.dtype().torchName())));
    if (name.equals("__metadata__")) {
      throw new ModelException(
          ModelException.Kind.USAGE, "a safetensors file cannot hold a tensor named __metadata__");
    }
    long end = at + tensor.numel() * tensor.dtype().bytes();
    out.writeObjectFieldStart(name);
    out.writeStringField("dtype", dtype);
    out.writeFieldName("shape");
    out.writeArray(tensor.sizes(), 0, tensor.sizes().length);
    out.writeFieldName("data_offsets");
    out.writeArray(new long[] {at, end}, 0, 2);
    out.writeEndObject();
    return end;
  }
}
