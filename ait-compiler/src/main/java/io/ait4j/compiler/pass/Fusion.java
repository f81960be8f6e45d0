package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one legality test of fusion, over iteration spaces, in its two directions. <i>Pull</i>: a
 * reader computes what it would have loaded. <i>Push</i>: a writer goes on with what its only
 * reader would have done.
 */
final class Fusion {
  private Fusion() {}

  /**
   * {@code reader} with every load of the producer's target replaced by the producer's body; empty
   * if the store's map has no inverse.
   */
  static Optional<Expr> pull(Expr reader, Stage producer, List<Dim> targetShape) {
    Optional<Function<List<Dim>, Map<Dim.Symbol, Dim>>> inverse =
        Indices.inverse(producer.axes(), producer.index(), targetShape);
    if (inverse.isEmpty()) {
      return Optional.empty();
    }
    Map<List<Dim>, Expr> known = new HashMap<>();
    return Optional.of(
        reader.rewrite(
            e -> {
              if (!(e instanceof Expr.Load load) || !load.buffer().equals(producer.target())) {
                return e;
              }
              if (!load.bindings().isEmpty()) {
                return inlineBound(load, producer, inverse.get());
              }
              return known.computeIfAbsent(
                  load.index(),
                  index -> {
                    Map<Dim.Symbol, Dim> values = inverse.get().apply(index);
                    return producer.body().substitute(values::get);
                  });
            }));
  }

  /**
   * A load at a data-dependent place, of a producer that is itself a plain load: the binding moves
   * on to that load.
   */
  private static Expr inlineBound(
      Expr.Load load, Stage producer, Function<List<Dim>, Map<Dim.Symbol, Dim>> inverse) {
    if (!(producer.body() instanceof Expr.Load source) || !source.bindings().isEmpty()) {
      return load;
    }
    Map<Dim.Symbol, Dim> values = inverse.apply(load.index());
    Expr.Load moved = (Expr.Load) source.substitute(values::get);
    return new Expr.Load(moved.buffer(), moved.dtype(), moved.index(), load.bindings());
  }

  /**
   * The producer's stage continued by the consumer's: same iteration space as the producer's,
   * stored where the consumer stored. Empty unless every load of the intermediate is at one and the
   * same index that reaches each of its elements exactly once.
   */
  static Optional<Stage> push(Stage producer, Stage consumer, List<Dim> intermediateShape) {
    List<Dim> index = null;
    for (Expr.Load load : consumer.body().loads()) {
      if (load.buffer().equals(producer.target())) {
        if (!load.bindings().isEmpty() || index != null && !index.equals(load.index())) {
          return Optional.empty();
        }
        index = load.index();
      }
    }
    if (index == null || consumer.body().hasReduce()) {
      return Optional.empty();
    }
    return Indices.inverse(consumer.axes(), index, intermediateShape)
        .map(
            inverse -> {
              Map<Dim.Symbol, Dim> at = inverse.apply(producer.index());
              Expr moved =
                  consumer
                      .body()
                      .substitute(at::get)
                      .rewrite(
                          e ->
                              e instanceof Expr.Load load && load.buffer().equals(producer.target())
                                  ? producer.body()
                                  : e);
              List<Dim> target = consumer.index().stream().map(d -> d.substitute(at::get)).toList();
              return new Stage(producer.axes(), consumer.target(), target, moved);
            });
  }
}
