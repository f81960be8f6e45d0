package io.ait4j.compiler;

import io.ait4j.compiler.ConstantInfo.Use;
import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A loaded library's constants, set and staged, whose memory stays reachable while they are.
 * Changed by one thread at a time.
 */
final class ModuleConstants {
  private final NativeLibrary library;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<String, Constant> current = new HashMap<>();
  private final Map<String, Constant> staged = new HashMap<>();

  /** What runs under way may still read. */
  private final List<Constant> replaced = new ArrayList<>();

  ModuleConstants(NativeLibrary library) {
    this.library = library;
    for (int i = 0; i < library.constants().size(); i++) {
      indexes.put(library.constants().get(i).name(), i);
    }
  }

  /**
   * Sets what the library has among these, and needs for runs.
   *
   * @throws ModelException if a constant that runs read is missing or of another type
   */
  void load(Map<String, Constant> given) {
    List<Constant> known =
        library.constants().stream()
            .filter(info -> given.containsKey(info.name()) || isMissing(info))
            .map(info -> find(given, info))
            .toList();
    set(known);
  }

  private static boolean isMissing(ConstantInfo info) {
    return info.use() != Use.FOLDING && !info.bound();
  }

  /** The one of that name, checked. */
  static Constant find(Map<String, Constant> constants, ConstantInfo info) {
    Constant constant = constants.get(info.name());
    if (constant == null) {
      throw usage("constant " + info.name() + " is missing");
    }
    if (constant.dtype() != info.dtype() || constant.data().byteSize() != info.bytes()) {
      throw usage(
          "constant %s: expected %d bytes of %s, got %d of %s"
              .formatted(
                  info.name(),
                  info.bytes(),
                  info.dtype().torchName(),
                  constant.data().byteSize(),
                  constant.dtype().torchName()));
    }
    return constant;
  }

  void set(List<Constant> values) {
    library.setConstants(indexes(values), values);
    values.forEach(value -> current.put(value.name(), value));
  }

  void stage(List<Constant> values) {
    library.stageConstants(indexes(values), values);
    values.forEach(value -> staged.put(value.name(), value));
  }

  private int[] indexes(List<Constant> values) {
    return values.stream()
        .mapToInt(
            value -> {
              Integer index = indexes.get(value.name());
              if (index == null) {
                throw usage("the library has no constant " + value.name());
              }
              find(Map.of(value.name(), value), library.constants().get(index));
              return index;
            })
        .toArray();
  }

  void fold() {
    requireRaw(current);
    library.foldConstants();
  }

  void foldStaged() {
    Map<String, Constant> all = new HashMap<>(current);
    all.putAll(staged);
    requireRaw(all);
    library.foldStagedConstants();
  }

  private void requireRaw(Map<String, Constant> there) {
    for (ConstantInfo info : library.constants()) {
      if (info.use() == Use.FOLDING && !info.bound() && !there.containsKey(info.name())) {
        throw usage(
            "constant %s was folded when the model was compiled, and its own value is not here; "
                    .formatted(info.name())
                + "convert the model with --constants updatable");
      }
    }
  }

  /** Returns when nothing reads what was replaced. */
  void swap() {
    library.swapConstants();
    for (String name : staged.keySet()) {
      Constant before = current.get(name);
      if (before != null) {
        replaced.add(before);
      }
    }
    current.putAll(staged);
    staged.clear();
    library.settle();
    replaced.clear();
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
