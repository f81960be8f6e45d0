package io.ait4j.fx;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** What each kind of buffer says of its elements, and {@link Buffer} does not. */
final class BufferElements {
  private BufferElements() {}

  static int bytes(Buffer buffer) {
    return switch (buffer) {
      case ByteBuffer bytes -> 1;
      case ShortBuffer shorts -> 2;
      case CharBuffer chars -> 2;
      case IntBuffer ints -> 4;
      case FloatBuffer floats -> 4;
      case LongBuffer longs -> 8;
      case DoubleBuffer doubles -> 8;
      default -> throw new IllegalArgumentException(buffer.toString());
    };
  }

  static ByteOrder order(Buffer buffer) {
    return switch (buffer) {
      case ByteBuffer bytes -> bytes.order();
      case ShortBuffer shorts -> shorts.order();
      case CharBuffer chars -> chars.order();
      case IntBuffer ints -> ints.order();
      case FloatBuffer floats -> floats.order();
      case LongBuffer longs -> longs.order();
      case DoubleBuffer doubles -> doubles.order();
      default -> throw new IllegalArgumentException(buffer.toString());
    };
  }
}
