package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.ConstantInfo;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** New values for constants of several libraries: all of them read those in the end, or none. */
final class WeightChange {
  /** A library's copy of a weight. */
  record Use(AitModule module, Constant constant) {}

  private final Map<AitModule, List<Constant>> now = new LinkedHashMap<>();
  private final Map<AitModule, List<Constant>> before = new LinkedHashMap<>();
  private boolean untouched = true;

  /**
   * @param value that the library reads from now on
   * @param last that it reads so far
   */
  void add(Use use, MemorySegment value, MemorySegment last) {
    add(now, use, value);
    add(before, use, last);
  }

  private static void add(Map<AitModule, List<Constant>> to, Use use, MemorySegment data) {
    Constant known = use.constant;
    to.computeIfAbsent(use.module, module -> new ArrayList<>())
        .add(
            new Constant(
                known.name(),
                known.dtype(),
                known.shape(),
                data.asSlice(0, known.data().byteSize())));
  }

  /** Beside what runs read. */
  void stage() {
    untouched = false;
    try {
      now.forEach(WeightChange::stage);
    } catch (Throwable e) {
      restore(e);
      throw e;
    }
  }

  /** For the runs that come; none is under way. */
  void swap() {
    try {
      now.keySet().forEach(AitModule::swapConstants);
    } catch (Throwable e) {
      restore(e);
      throw e;
    }
  }

  /** Whether no library has a new value, staged or not. */
  boolean isUntouched() {
    return untouched;
  }

  /** A library that has swapped, or not yet, ends with what it began with, and nothing staged. */
  private void restore(Throwable why) {
    try {
      before.forEach(
          (module, constants) -> {
            stage(module, constants);
            module.swapConstants();
          });
      untouched = true;
    } catch (Throwable e) {
      why.addSuppressed(e);
    }
  }

  private static void stage(AitModule module, List<Constant> constants) {
    module.stageConstants(constants);
    if (module.constants().stream().anyMatch(ConstantInfo::feedsFold)) {
      module.foldStagedConstants();
    }
  }
}
