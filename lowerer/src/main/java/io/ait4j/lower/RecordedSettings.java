package io.ait4j.lower;

import io.ait4j.compiler.select.Profiling;
import io.ait4j.lower.proto.Lowering;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** The settings that a file keeps, so that its model can be lowered in the same way again. */
final class RecordedSettings {
  private RecordedSettings() {}

  static Lowering of(LowerSettings settings) {
    return Lowering.newBuilder()
        .setMinPartitionSize(settings.minPartitionSize())
        .addAllExcludedOps(new TreeSet<>(settings.excludedOps()))
        .addAllExcludedNodes(new TreeSet<>(settings.excludedNodes()))
        .addAllWithoutPasses(new TreeSet<>(settings.withoutPasses()))
        .setState(settings.state().toString())
        .setConstants(settings.constants().toString())
        .setProfiling(settings.profiling().toString())
        .build();
  }

  /**
   * The recorded settings in place of {@code others}'.
   *
   * @throws IllegalArgumentException if one is unknown
   */
  static LowerSettings restore(Lowering recorded, LowerSettings others) {
    return others
        .withMinPartitionSize(recorded.getMinPartitionSize())
        .withExcludedOps(Set.copyOf(recorded.getExcludedOpsList()))
        .withExcludedNodes(Set.copyOf(recorded.getExcludedNodesList()))
        .withoutPasses(Set.copyOf(recorded.getWithoutPassesList()))
        .withState(named(LowerSettings.State.values(), recorded.getState()))
        .withConstants(named(LowerSettings.Constants.values(), recorded.getConstants()))
        .withProfiling(named(Profiling.values(), recorded.getProfiling()));
  }

  private static <E extends Enum<E>> E named(E[] values, String name) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no setting"));
  }
}
