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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The weights of a loaded module by the model's names, and how the libraries get new ones. */
final class ModuleWeights implements AutoCloseable {
  /** A library's copy of a weight. */
  private record Use(AitModule module, Constant constant) {}

  private final List<AitModule> libraries = new ArrayList<>();
  private final Map<String, TensorMeta> types = new LinkedHashMap<>();
  private final Map<String, List<Use>> uses = new HashMap<>();
  private final Map<String, String> fixed = new HashMap<>();
  private final Map<String, MemorySegment> given = new HashMap<>();
  private boolean closed;

  /** Every library is told of, whether it reads weights or not. */
  void add(AitModule library) {
    libraries.add(library);
  }

  /** A library reads, or folds, the weight by this constant. */
  void readBy(AitModule module, Constant constant, String weight, TensorMeta type) {
    types.put(weight, type);
    if (!Tensors.isInjective(type.sizes(), type.strides(Map.of()))) {
      fixed.put(weight, "some of its elements are one");
    }
    uses.computeIfAbsent(weight, name -> new ArrayList<>()).add(new Use(module, constant));
  }

  /** Something uses the weight that cannot be given another. */
  void fixedBy(String reader, String weight, TensorMeta type) {
    types.put(weight, type);
    fixed.put(weight, reader);
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
    for (AitModule library : libraries) {
      for (ConstantInfo info : library.constants()) {
        if (info.use() == ConstantInfo.Use.FOLDING && !isKept(library, info.name())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isKept(AitModule module, String constant) {
    return uses.values().stream()
        .flatMap(List::stream)
        .anyMatch(use -> use.module == module && use.constant.name().equals(constant));
  }

  /**
   * Copies the values and lets every library read them.
   *
   * @param alone calls back when no run is under way
   * @throws ModelException (USAGE) if one cannot be set, naming it
   */
  synchronized void set(Map<String, NativeTensor> values, Consumer<Runnable> alone) {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
    values.forEach(this::check);
    Map<String, MemorySegment> copies = new HashMap<>();
    Map<AitModule, List<Constant>> now = new LinkedHashMap<>();
    Map<AitModule, List<Constant>> before = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, NativeTensor> value : values.entrySet()) {
        MemorySegment copy = copy(value.getValue(), types.get(value.getKey()));
        copies.put(value.getKey(), copy);
        for (Use use : uses.get(value.getKey())) {
          add(now, use, copy);
          add(before, use, given.getOrDefault(value.getKey(), use.constant.data()));
        }
      }
      stage(now, before);
      alone.accept(() -> now.keySet().forEach(AitModule::swapConstants));
    } catch (Throwable e) {
      copies.values().forEach(NativeHeap::free);
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

  private static void add(Map<AitModule, List<Constant>> to, Use use, MemorySegment data) {
    long bytes = use.constant.data().byteSize();
    to.computeIfAbsent(use.module, module -> new ArrayList<>())
        .add(
            new Constant(
                use.constant.name(),
                use.constant.dtype(),
                use.constant.shape(),
                data.asSlice(0, bytes)));
  }

  /** In every library, or in none. */
  private static void stage(
      Map<AitModule, List<Constant>> values, Map<AitModule, List<Constant>> before) {
    List<AitModule> staged = new ArrayList<>();
    try {
      values.forEach(
          (module, constants) -> {
            staged.add(module);
            stage(module, constants);
          });
    } catch (Throwable e) {
      for (AitModule module : staged) { // what is staged goes with the next swap
        stage(module, before.get(module));
      }
      throw e;
    }
  }

  private static void stage(AitModule module, List<Constant> constants) {
    module.stageConstants(constants);
    if (module.constants().stream().anyMatch(ConstantInfo::feedsFold)) {
      module.foldStagedConstants();
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

  private void check(String name, NativeTensor value) {
    if (isAnyFolded()) {
      throw usage(
          "weight '%s' cannot be set: the file keeps what was folded from weights, not all weights"
              + " themselves; convert the model with --constants updatable",
          name);
    }
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
  }
}
