package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.ConstantInfo;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeHeap;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The weights of a loaded module by the model's names, and how the libraries get new ones. */
final class ModuleWeights implements AutoCloseable {
  private final Map<AitModule, Set<String>> kept = new LinkedHashMap<>();
  private final Map<String, TensorMeta> types = new LinkedHashMap<>();
  private final Map<String, List<WeightChange.Use>> uses = new HashMap<>();
  private final Map<String, String> fixed = new HashMap<>();
  private final Map<String, MemorySegment> given = new HashMap<>();

  /** Given to libraries that could not be brought back to what they had. */
  private final List<MemorySegment> stranded = new ArrayList<>();

  private volatile boolean broken;
  private boolean closed;

  /** Every library is told of, whether it reads weights or not. */
  void add(AitModule library) {
    kept.put(library, new HashSet<>());
  }

  /** A library reads, or folds, the weight by this constant. */
  void readBy(AitModule module, Constant constant, String weight, TensorMeta type) {
    types.put(weight, type);
    kept.get(module).add(constant.name());
    if (!Tensors.isInjective(type.sizes(), type.strides(Map.of()))) {
      fixed.put(weight, "some of its elements are one");
    }
    uses.computeIfAbsent(weight, name -> new ArrayList<>())
        .add(new WeightChange.Use(module, constant));
  }

  /** Something uses the weight that cannot be given another. */
  void fixedBy(String reader, String weight, TensorMeta type) {
    types.put(weight, type);
    fixed.put(weight, reader);
  }

  /** All, in the order in which they were told of. */
  List<AitModule> libraries() {
    return List.copyOf(kept.keySet());
  }

  /** Those that may be set, with their types. */
  Map<String, TensorMeta> settable() {
    Map<String, TensorMeta> settable = new LinkedHashMap<>();
    if (!isAnyFolded()) {
      settable.putAll(types);
      settable.keySet().removeAll(fixed.keySet());
    }
    return settable;
  }

  /** Whether some library was folded from what the file does not keep: it could be any weight. */
  private boolean isAnyFolded() {
    for (Map.Entry<AitModule, Set<String>> library : kept.entrySet()) {
      for (ConstantInfo info : library.getKey().constants()) {
        if (info.use() == ConstantInfo.Use.FOLDING && !library.getValue().contains(info.name())) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Copies the values and lets every library read them.
   *
   * @param alone calls back when no run is under way. Who keeps runs away must not wait for a
   *     method of this class: that would wait for {@code alone}
   * @throws ModelException (USAGE) if one cannot be set, naming it
   */
  synchronized void set(Map<String, NativeTensor> values, Consumer<Runnable> alone) {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
    requireWhole();
    check(values);
    Map<String, MemorySegment> copies = new HashMap<>();
    WeightChange change = new WeightChange();
    try {
      for (Map.Entry<String, NativeTensor> value : values.entrySet()) {
        MemorySegment copy = copy(value.getValue(), types.get(value.getKey()));
        copies.put(value.getKey(), copy);
        for (WeightChange.Use use : uses.get(value.getKey())) {
          change.add(use, copy, given.getOrDefault(value.getKey(), use.constant().data()));
        }
      }
      change.stage();
      alone.accept(change::swap);
    } catch (Throwable e) {
      if (change.isUntouched()) {
        copies.values().forEach(NativeHeap::free);
      } else {
        stranded.addAll(copies.values());
        broken = true;
      }
      throw e;
    }
    copies.forEach(
        (name, copy) -> {
          MemorySegment replaced = given.put(name, copy);
          if (replaced != null) {
            NativeHeap.free(replaced);
          }
        });
  }

  /**
   * @throws ModelException (RUN) if some libraries have new weights and some have not
   */
  void requireWhole() {
    if (broken) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "setting weights failed half way and could not be undone; load the module again");
    }
  }

  /** As the model's own lies in memory. */
  private static MemorySegment copy(NativeTensor value, TensorMeta type) {
    MemorySegment[] memory = new MemorySegment[1];
    try {
      NativeTensor copy =
          Tensors.allocate(
              type.dtype(),
              type.sizes(),
              type.strides(Map.of()),
              bytes -> memory[0] = NativeHeap.allocate(bytes));
      Tensors.assign(value, copy);
      return memory[0];
    } catch (Throwable e) {
      if (memory[0] != null) {
        NativeHeap.free(memory[0]);
      }
      throw e;
    }
  }

  private void check(Map<String, NativeTensor> values) {
    if (!values.isEmpty() && isAnyFolded()) {
      throw usage(
          "weight '%s' cannot be set: the file keeps what was folded from weights, not all weights"
              + " themselves; convert the model with --constants updatable",
          values.keySet().iterator().next());
    }
    values.forEach(this::check);
  }

  private void check(String name, NativeTensor value) {
    TensorMeta type = types.get(name);
    if (type == null) {
      throw usage("the model has no weight '%s'; it has %s", name, types.keySet());
    }
    if (fixed.containsKey(name)) {
      throw usage(
          "weight '%s' cannot be set: %s; convert the model again with --weights",
          name, fixed.get(name));
    }
    if (value.dtype() != type.dtype() || !Arrays.equals(value.sizes(), type.sizes())) {
      throw usage(
          "weight '%s' is %s, got %s",
          name, TensorMeta.contiguous(type.dtype(), type.shape()), value.meta());
    }
    if (!value.device().isCpu()) {
      throw usage("the value for weight '%s' is on %s; copy it to the host", name, value.device());
    }
  }

  private static ModelException usage(String message, Object... arguments) {
    return new ModelException(ModelException.Kind.USAGE, message.formatted(arguments));
  }

  /** When no library reads them any more. */
  @Override
  public synchronized void close() {
    closed = true;
    given.values().forEach(NativeHeap::free);
    given.clear();
    stranded.forEach(NativeHeap::free);
    stranded.clear();
  }
}
