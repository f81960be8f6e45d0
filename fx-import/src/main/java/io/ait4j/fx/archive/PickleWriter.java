package io.ait4j.fx.archive;

import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes a value as a pickle of protocol 2, in the opcodes that TorchScript's loader knows. */
final class PickleWriter {
  /** What to write in place of an object; asked once for each. */
  @FunctionalInterface
  interface Substitution {
    Call of(Call object) throws NeedsWeights;
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Substitution substitute;
  private final Map<PickleValue, Integer> written = new IdentityHashMap<>();
  private final Map<Global, Integer> globals = new HashMap<>();
  private int memo;

  private PickleWriter(Substitution substitute) {
    this.substitute = substitute;
  }

  static byte[] write(PickleValue value, Substitution substitute) throws NeedsWeights {
    PickleWriter writer = new PickleWriter(substitute);
    writer.out.write(0x80);
    writer.out.write(2);
    writer.value(value);
    writer.out.write('.');
    return writer.out.toByteArray();
  }

  private void value(PickleValue value) throws NeedsWeights {
    switch (value) {
      case PickleValue.None n -> out.write('N');
      case PickleValue.Bool(boolean b) -> out.write(b ? 0x88 : 0x89);
      case PickleValue.Int(long i) -> integer(i);
      case PickleValue.Float(double d) ->
          bytes('G', ByteBuffer.allocate(Double.BYTES).putDouble(d));
      case PickleValue.Str(String text) -> {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes('X', little(4 + utf8.length).putInt(utf8.length).put(utf8));
      }
      case Global global -> global(global);
      case PickleValue.Bytes b -> throw new NeedsWeights("its pickle holds bytes");
      default -> {
        Integer known = written.get(value);
        if (known != null) {
          bytes('j', little(4).putInt(known));
        } else {
          container(value);
          written.put(value, memoize());
        }
      }
    }
  }

  private void container(PickleValue value) throws NeedsWeights {
    switch (value) {
      case Tuple tuple -> tuple(tuple.elements());
      case PickleValue.List list -> {
        out.write(']');
        appends(list);
      }
      case Dict dict -> {
        out.write('}');
        setItems(dict);
      }
      case PickleValue.PersistentId(PickleValue id) -> {
        value(id);
        out.write('Q');
      }
      case Call call -> call(substitute.of(call));
      default -> throw new IllegalStateException(value + " is no container");
    }
  }

  private void call(Call call) throws NeedsWeights {
    global(call.callee());
    tuple(call.args());
    out.write(call.isNew() ? 0x81 : 'R');
    appends(call.elements());
    setItems(call.entries());
    if (!(call.state() instanceof PickleValue.None)) {
      value(call.state());
      out.write('b');
    }
  }

  private void global(Global global) {
    Integer known = globals.get(global);
    if (known != null) {
      bytes('j', little(4).putInt(known));
      return;
    }
    out.write('c');
    out.writeBytes(
        (global.module() + "\n" + global.name() + "\n").getBytes(StandardCharsets.UTF_8));
    globals.put(global, memoize());
  }

  private void tuple(List<PickleValue> elements) throws NeedsWeights {
    if (elements.isEmpty()) {
      out.write(')');
      return;
    }
    out.write('(');
    for (PickleValue element : elements) {
      value(element);
    }
    out.write('t');
  }

  private void appends(PickleValue.List list) throws NeedsWeights {
    if (!list.elements().isEmpty()) {
      out.write('(');
      for (PickleValue element : list.elements()) {
        value(element);
      }
      out.write('e');
    }
  }

  private void setItems(Dict dict) throws NeedsWeights {
    if (!dict.entries().isEmpty()) {
      out.write('(');
      for (PickleValue.Entry entry : dict.entries()) {
        value(entry.key());
        value(entry.value());
      }
      out.write('u');
    }
  }

  private void integer(long value) {
    if (value == (int) value) {
      bytes('J', little(4).putInt((int) value));
    } else {
      bytes(0x8a, little(9).put((byte) 8).putLong(value));
    }
  }

  private int memoize() {
    bytes('r', little(4).putInt(memo));
    return memo++;
  }

  private void bytes(int opcode, ByteBuffer argument) {
    out.write(opcode);
    out.writeBytes(argument.array());
  }

  private static ByteBuffer little(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
