package io.ait4j.fx.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read in order. */
final class PickleInput {
  private final ByteBuffer bytes;

  PickleInput(byte[] pickle) {
    bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int u8() throws Corrupt {
    return Byte.toUnsignedInt(need(1).get());
  }

  int u16() throws Corrupt {
    return Short.toUnsignedInt(need(2).getShort());
  }

  int i32() throws Corrupt {
    return need(4).getInt();
  }

  long u32() throws Corrupt {
    return Integer.toUnsignedLong(i32());
  }

  long i64() throws Corrupt {
    return need(8).getLong();
  }

  double bigEndianDouble() throws Corrupt {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  byte[] bytes(long length) throws Corrupt {
    byte[] value = new byte[need(length).remaining() < length ? 0 : (int) length];
    bytes.get(value);
    return value;
  }

  String utf8(long length) throws Corrupt {
    return decode(slice(length));
  }

  /** Text up to a line feed, which is taken too. */
  String line() throws Corrupt {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    String text = decode(slice(end - bytes.position()));
    u8();
    return text;
  }

  /** A little-endian integer in two's complement. */
  long integer(long length) throws Corrupt {
    byte[] value = bytes(length);
    long result = 0;
    int sign = value.length > 0 && value[value.length - 1] < 0 ? -1 : 0;
    for (int i = value.length - 1; i >= 0; i--) {
      if (i >= Long.BYTES ? value[i] != sign : i == 7 && (value[i] < 0) != (sign < 0)) {
        throw new Corrupt("its pickle holds an integer of more than 64 bits");
      }
      if (i < Long.BYTES) {
        result |= (long) Byte.toUnsignedInt(value[i]) << 8 * i;
      }
    }
    boolean extend = sign < 0 && value.length < Long.BYTES;
    return extend ? result | -1L << 8 * value.length : result;
  }

  private ByteBuffer slice(long length) throws Corrupt {
    need(length);
    ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return slice;
  }

  private static String decode(ByteBuffer text) throws Corrupt {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new Corrupt("its pickle holds text that is not UTF-8");
    }
  }

  private ByteBuffer need(long length) throws Corrupt {
    if (length < 0 || length > bytes.remaining()) {
      throw new Corrupt("its pickle is cut off or damaged at byte " + bytes.position());
    }
    return bytes;
  }
}
