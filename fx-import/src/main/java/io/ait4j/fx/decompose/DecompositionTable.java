package io.ait4j.fx.decompose;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The decompositions by operator. */
final class DecompositionTable {
  private final Map<OpTarget, Decomposition> entries = new LinkedHashMap<>();

  static DecompositionTable all() {
    DecompositionTable table = new DecompositionTable();
    Aliases.addTo(table);
    ArithmeticDecompositions.addTo(table);
    ActivationDecompositions.addTo(table);
    ComparisonDecompositions.addTo(table);
    CastDecompositions.addTo(table);
    ReshapeDecompositions.addTo(table);
    PermuteDecompositions.addTo(table);
    SliceDecompositions.addTo(table);
    JoinDecompositions.addTo(table);
    RepeatDecompositions.addTo(table);
    ReductionDecompositions.addTo(table);
    NormDecompositions.addTo(table);
    VectorNormDecompositions.addTo(table);
    MatmulDecompositions.addTo(table);
    table.add("einsum", Einsum::decompose);
    ConvolutionDecompositions.addTo(table);
    AttentionDecompositions.addTo(table);
    PoolingDecompositions.addTo(table);
    UpsampleDecompositions.addTo(table);
    ConstructorDecompositions.addTo(table);
    IndexingDecompositions.addTo(table);
    ScatterDecompositions.addTo(table);
    ShapeReads.addTo(table);
    SpecialFunctionDecompositions.addTo(table);
    DistanceDecompositions.addTo(table);
    DiagonalDecompositions.addTo(table);
    WindowDecompositions.addTo(table);
    RecurrentDecompositions.addTo(table);
    LossDecompositions.addTo(table);
    return table;
  }

  /** Registers operators of the {@code aten} namespace with one result, separated by spaces. */
  void add(String names, Function<Rewrite, Arg> one) {
    addMany(names, rewrite -> List.of(one.apply(rewrite)));
  }

  /** The same with any number of results. */
  void addMany(String names, Function<Rewrite, List<Arg>> many) {
    for (String name : names.split(" ")) {
      OpTarget target = OpTarget.parse("aten::" + name);
      Decomposition decomposition = (b, args, source) -> many.apply(new Rewrite(b, target, args));
      if (entries.put(target, decomposition) != null) {
        throw new IllegalStateException("two decompositions of " + target);
      }
    }
  }

  Optional<Decomposition> find(OpTarget target) {
    return Optional.ofNullable(entries.get(target));
  }

  Set<OpTarget> targets() {
    return Collections.unmodifiableSet(entries.keySet());
  }
}
