package io.ait4j.fx.archive;

import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.PersistentId;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Pickles as tests want them: byte by byte, or of values. */
public final class Pickles {
  private Pickles() {}

  /** Protocol 2, these parts (text as Latin-1, numbers as bytes), STOP. */
  static byte[] of(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2});
    for (Object part : parts) {
      switch (part) {
        case Integer i -> out.write(i);
        case String s -> out.writeBytes(s.getBytes(StandardCharsets.ISO_8859_1));
        case byte[] b -> out.writeBytes(b);
        default -> throw new IllegalArgumentException(part.toString());
      }
    }
    out.write('.');
    return out.toByteArray();
  }

  public static byte[] write(PickleValue value) {
    try {
      return PickleWriter.write(value, call -> call);
    } catch (NeedsWeights e) {
      throw new IllegalArgumentException(e);
    }
  }

  public static Dict dict(Object... namesAndValues) {
    Dict dict = new Dict();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      dict.put(new Str((String) namesAndValues[i]), (PickleValue) namesAndValues[i + 1]);
    }
    return dict;
  }

  public static Call call(String callee, PickleValue... args) {
    int dot = callee.lastIndexOf('.');
    return new Call(
        new Global(callee.substring(0, dot), callee.substring(dot + 1)), List.of(args), false);
  }

  public static Tuple tuple(PickleValue... elements) {
    return new Tuple(List.of(elements));
  }

  static Tuple ints(long... values) {
    return new Tuple(Arrays.stream(values).mapToObj(v -> (PickleValue) new Int(v)).toList());
  }

  static PersistentId storage(String type, String key, long count) {
    return new PersistentId(
        tuple(
            new Str("storage"),
            new Global("torch", type),
            new Str(key),
            new Str("cpu"),
            new Int(count)));
  }

  /** A tensor as {@code torch.save} writes it. */
  static Call tensor(PersistentId storage, long offset, long[] sizes, long[] strides) {
    return call(
        "torch._utils._rebuild_tensor_v2",
        storage,
        new Int(offset),
        ints(sizes),
        ints(strides),
        new PickleValue.Bool(false),
        new Dict());
  }

  /** A row-major float tensor that fills the storage. */
  public static Call floats(String key, long... sizes) {
    long[] strides = io.ait4j.fx.NativeTensor.contiguousStrides(sizes);
    return tensor(
        storage("FloatStorage", key, Arrays.stream(sizes).reduce(1, (a, b) -> a * b)),
        0,
        sizes,
        strides);
  }
}
