package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private final Set<String> returned;
  private final Map<String, Long> symbols;
  private final Arena arena;
  private final Place place;

  /** A run on the CPU. */
  Execution(Set<String> returned, Map<String, Long> symbols, Arena arena) {
    this(returned, symbols, arena, Place.HOST);
  }

  /**
   * @param returned values that the caller gets
   * @param symbols what those in the values' sizes stand for
   * @param arena the caller's, for what is returned
   */
  Execution(Set<String> returned, Map<String, Long> symbols, Arena arena, Place place) {
    this.returned = returned;
    this.symbols = symbols;
    this.arena = arena;
    this.place = place;
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
    return names.stream().map(name -> in(place.work(), name)).toList();
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
    Held value;
    if (returned.contains(name) && place.work() == place.results()) {
      NativeTensor tensor = place.work().inArena(meta.dtype(), sizes, strides, arena);
      value = new Held(tensor, Owner.OUTSIDE, true);
    } else {
      value = place.work().own(meta.dtype(), sizes, strides);
    }
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

  /** What the caller gets: each in memory of its own. */
  List<NativeTensor> collect(List<OutputSource> outputs) {
    List<NativeTensor> results = new ArrayList<>(outputs.size());
    for (OutputSource output : outputs) {
      results.add(
          output instanceof OutputSource.Value(String name)
                  && isIn(place.results(), name)
                  && isFree(name)
              ? give(held(name))
              : place.results().copy(tensor(output), arena));
    }
    return results;
  }

  /** What outlives the run without the caller's arena, to be released by who asks for it. */
  Held keep(OutputSource output) {
    if (output instanceof OutputSource.Value(String name)
        && held(name).owner() != Owner.OUTSIDE
        && isIn(place.work(), name)
        && isFree(name)) {
      Held value = held(name);
      return new Held(value.tensor(), value.owner().retain(), false);
    }
    Held copy = place.work().copy(tensor(output));
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

  private boolean isIn(Memory memory, String name) {
    return held(name).tensor().device().equals(memory.device());
  }

  /** Whether nothing shares the value's memory and nobody has been given it; now somebody is. */
  private boolean isFree(String name) {
    return held(name).fresh() && given.add(name);
  }

  /** Ties memory of libtorch's to the caller's arena instead of copying it. */
  private NativeTensor give(Held value) {
    NativeTensor tensor = value.tensor();
    if (value.owner() == Owner.OUTSIDE) {
      return tensor;
    }
    Owner owner = value.owner().retain();
    long readable = tensor.device().isCpu() ? tensor.data().byteSize() : 0;
    MemorySegment data =
        MemorySegment.ofAddress(tensor.address())
            .reinterpret(readable, arena, closed -> owner.release());
    return new NativeTensor(
        tensor.dtype(), tensor.sizes(), tensor.strides(), data, tensor.device());
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
