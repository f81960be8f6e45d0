package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The values of one run, from the caller's inputs to the caller's outputs. Of one thread. */
final class Execution implements AutoCloseable {
  private final Map<String, Held> values = new HashMap<>();
  private final Set<String> given = new HashSet<>();
  private final Map<String, Long> symbols;
  private final Place place;
  private final Destination<?> destination;

  /**
   * @param symbols what those in the values' sizes stand for
   * @param destination of what is returned
   */
  Execution(Map<String, Long> symbols, Place place, Destination<?> destination) {
    this.symbols = symbols;
    this.place = place;
    this.destination = destination;
  }

  void put(String name, Held value) {
    values.put(name, value);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Held held(String name) {
    Held value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("value %" + name + " is read before it is there");
    }
    return value;
  }

  Map<String, Long> symbols() {
    return symbols;
  }

  /** Where its partitions run. */
  Place place() {
    return place;
  }

  /** Values on the device where partitions run: what is not there yet is brought there for good. */
  List<NativeTensor> tensors(List<String> names) {
    List<NativeTensor> tensors = new ArrayList<>(names.size());
    for (String name : names) {
      tensors.add(in(place.work(), name));
    }
    return tensors;
  }

  /** A value in this memory from now on. */
  NativeTensor in(Memory memory, String name) {
    Held value = held(name);
    if (!value.tensor().device().equals(memory.device())) {
      Held brought = memory.copy(value.tensor());
      value.owner().release();
      values.put(name, brought);
      value = brought;
    }
    return value.tensor();
  }

  /** Memory for a value that a library will write: the caller's if the caller gets it. */
  NativeTensor allocate(String name, TensorMeta meta) {
    long[] sizes = meta.sizes(symbols);
    long[] strides = Tensors.injective(sizes, meta.strides(symbols));
    NativeTensor direct = destination.direct(name, meta.dtype(), sizes, strides, place);
    Held value =
        direct == null
            ? place.work().own(meta.dtype(), sizes, strides)
            : new Held(direct, Owner.OUTSIDE, true);
    values.put(name, value);
    return value.tensor();
  }

  /** The value's last reader has run. */
  void drop(String name) {
    Held value = values.remove(name);
    if (value != null) {
      value.owner().release();
    }
  }

  /** What outlives the run, to be released by who asks for it. */
  Held keep(OutputSource output, Memory memory) {
    if (output instanceof OutputSource.Value(String name)
        && held(name).owner() != Owner.OUTSIDE
        && claim(name, memory)) {
      Held value = held(name);
      return new Held(value.tensor(), value.owner().retain(), false);
    }
    Held copy = memory.copy(tensor(output));
    return new Held(copy.tensor(), copy.owner(), false);
  }

  /** An output where it lies. */
  NativeTensor tensor(OutputSource output) {
    return switch (output) {
      case OutputSource.Value(String name) -> held(name).tensor();
      case OutputSource.Constant(NativeTensor tensor) -> tensor;
      case OutputSource.Size(Dim dim) ->
          new NativeTensor(
              DType.INT64,
              new long[0],
              new long[0],
              Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, dim.evaluate(symbols)));
    };
  }

  /**
   * Whether a value is in {@code memory}, shares it with nothing, and has been given to nobody; now
   * it is.
   */
  boolean claim(String name, Memory memory) {
    Held value = held(name);
    return value.tensor().device().equals(memory.device()) && value.fresh() && given.add(name);
  }

  @Override
  public void close() {
    Held.release(values.values());
    values.clear();
  }

  /** A failure inside a partition, told with its name. */
  static ModelException failure(String partition, RuntimeException e) {
    return new ModelException(
        ModelException.Kind.RUN, "partition " + partition + " failed: " + e.getMessage(), e);
  }
}
