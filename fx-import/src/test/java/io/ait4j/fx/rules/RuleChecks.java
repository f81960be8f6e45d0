package io.ait4j.fx.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.Arg;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.OperatorSchemas;
import io.ait4j.fx.RandomTensors;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.TorchOracle;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;

/** Compares a rule with libtorch on random arguments. */
final class RuleChecks {
  private RuleChecks() {}

  /** Runs {@code cases} random calls; at least a third of them has to be valid. */
  static void compare(String name, int cases, Function<RandomTensors, List<Arg>> arguments) {
    int valid = 0;
    List<String> differences = new ArrayList<>();
    for (int seed = 0; seed < cases; seed++) {
      try (PointerScope scope = new PointerScope()) {
        RandomTensors tensors = new RandomTensors(seed * 7919L + name.hashCode());
        valid += compare(name, seed, arguments.apply(tensors), tensors, differences) ? 1 : 0;
      }
    }
    assertThat(differences).as("%s: %d of %d", name, differences.size(), valid).isEmpty();
    assertThat(valid).as("%s: valid cases", name).isGreaterThanOrEqualTo(cases / 3);
  }

  private static boolean compare(
      String name, int seed, List<Arg> args, RandomTensors tensors, List<String> differences) {
    OpTarget target = OpTarget.parse("aten::" + name);
    Function<String, ValueMeta> metas = v -> TorchOracle.meta(tensors.values().get(v));
    List<Arg> complete = OperatorSchemas.find(target).orElseThrow().match(args);
    String call = seed + ": " + args + " of " + describe(tensors);
    List<TensorMeta> expected;
    try {
      expected =
          TorchOracle.run(target, args, tensors.values()).stream().map(TorchOracle::meta).toList();
    } catch (RuntimeException e) {
      try {
        ShapeRules.infer(target, complete, metas);
      } catch (ModelException refused) {
        // As it should be; a rule need not know what a kernel does not support.
      }
      return false;
    }
    try {
      List<ValueMeta> actual = ShapeRules.infer(target, complete, metas).orElseThrow();
      if (!same(actual, expected)) {
        differences.add(call + "\n  libtorch " + expected + "\n  rule     " + actual + "\n");
      }
    } catch (ModelException e) {
      differences.add(call + "\n  libtorch " + expected + "\n  rule     " + e.getMessage() + "\n");
    }
    return true;
  }

  private static boolean same(List<ValueMeta> actual, List<TensorMeta> expected) {
    boolean same = actual.size() == expected.size();
    for (int i = 0; same && i < expected.size(); i++) {
      same =
          actual.get(i) instanceof TensorMeta meta && TorchOracle.sameType(meta, expected.get(i));
    }
    return same;
  }

  private static String describe(RandomTensors tensors) {
    StringBuilder text = new StringBuilder();
    tensors
        .values()
        .forEach(
            (name, t) -> text.append(name).append('=').append(TorchOracle.meta(t)).append(' '));
    return text.toString();
  }
}
