package io.ait4j.web.infer;

import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.verify.Comparison;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Whether a model treats the rows of its inputs each by itself, so that rows of several requests
 * may share a run. A first size that all tensors have in common does not say so: it is the length
 * of a sequence as well as a batch, and some models normalise over the batch. So random rows are
 * run together and apart, twice, and must give the same, while different rows give different
 * outputs.
 */
final class RowProbe {
  private static final int DRAWS = 2;

  private final LoweredModule module;
  private final Dim.Symbol batch;
  private final long first;
  private final long second;

  RowProbe(LoweredModule module, Dim.Symbol batch) {
    this.module = module;
    this.batch = batch;
    this.first = Math.max(1, batch.min());
    this.second = first + 1;
  }

  /** Why rows may not share a run; empty if they may. */
  String objection() {
    if (batch.max() < first + second) {
      return "no two requests fit into a batch of " + batch.max();
    }
    try {
      for (int draw = 0; draw < DRAWS; draw++) {
        String objection = objection(new SplittableRandom(draw));
        if (!objection.isEmpty()) {
          return objection;
        }
      }
      return "";
    } catch (ModelException e) {
      return "it cannot be tried out on random rows: " + e.getMessage();
    }
  }

  private String objection(SplittableRandom random) {
    try (Arena arena = Arena.ofConfined()) {
      List<NativeTensor> together =
          new RandomInputs(module).with(batch, first + second).draw(random, arena);
      List<NativeTensor> a = Rows.of(together, 0, first);
      List<NativeTensor> b = Rows.of(together, first, second);
      List<NativeTensor> outputs = module.run(together, arena);
      List<NativeTensor> ofA = module.run(a, arena);
      List<NativeTensor> ofB = module.run(b, arena);
      boolean differ = false;
      for (int i = 0; i < outputs.size(); i++) {
        if (!agree(Rows.of(outputs.get(i), 0, first), ofA.get(i))
            || !agree(Rows.of(outputs.get(i), first, second), ofB.get(i))) {
          return "output '%s' depends on the other rows of a run"
              .formatted(module.outputNames().get(i));
        }
        differ |= !agree(Rows.of(ofA.get(i), 0, 1), Rows.of(ofB.get(i), 0, 1));
      }
      return differ ? "" : "its outputs do not tell random rows apart";
    }
  }

  private static boolean agree(NativeTensor one, NativeTensor other) {
    return Comparison.of(one, other, Comparison.defaultTolerance(one.dtype()))
        .complaint()
        .isEmpty();
  }
}
