package io.ait4j.fx.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Evaluates, at import, operators whose inputs are known: the arithmetic on sizes that exporters
 * write between Shape and Reshape. Sizes may be in symbols; what cannot be decided about them is
 * left to be computed by the graph.
 */
final class Folding {
  private static final Folding ALL = all();

  private final Map<String, Fold> folds = new HashMap<>();

  /** One operator on known inputs. */
  @FunctionalInterface
  interface Fold {
    /**
     * The outputs, or empty to leave it to the graph.
     *
     * @param inputs null where an optional one is left out
     */
    Optional<List<KnownTensor>> apply(OnnxCall call, List<KnownTensor> inputs);
  }

  private static Folding all() {
    Folding folding = new Folding();
    ArithmeticFolds.addTo(folding);
    ShapeFolds.addTo(folding);
    return folding;
  }

  void add(String operator, Fold fold) {
    folds.put(operator, fold);
  }

  /** What the node yields; empty if it is not known. */
  static Optional<List<OnnxValue>> fold(OnnxCall call) {
    Fold fold = ALL.folds.get(call.node().operator());
    if (fold == null) {
      return Optional.empty();
    }
    List<KnownTensor> inputs = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      Optional<KnownTensor> known = call.seen(i);
      if (call.has(i) && known.isEmpty()) {
        return Optional.empty();
      }
      inputs.add(known.orElse(null));
    }
    Optional<List<KnownTensor>> folded = fold.apply(call, inputs);
    if (folded.isPresent()) {
      IntStream.range(0, call.count()).forEach(call::settle);
    }
    return folded.map(
        results -> results.stream().map(r -> (OnnxValue) new OnnxValue.Known(r)).toList());
  }
}
