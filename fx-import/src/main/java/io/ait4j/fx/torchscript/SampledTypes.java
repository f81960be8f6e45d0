package io.ait4j.fx.torchscript;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Types over symbols from types at some of their values: each size has to be the same affine
 * expression at every one of them, neighbours and far ones, or the type stays unknown.
 */
final class SampledTypes {
  private static final long[] STEPS = {0, 1, 2, 3, 4, 7, 12, 31};
  private static final long FARTHEST = 64;

  private final List<Map<Dim.Symbol, Dim>> points = new ArrayList<>();
  private final List<List<ValueMeta>> types = new ArrayList<>();
  private final List<Dim.Symbol> symbols;

  private SampledTypes(Collection<Dim.Symbol> symbols) {
    this.symbols = List.copyOf(symbols);
  }

  /**
   * The types as {@code at} gives them for constants in place of the symbols; empty if they follow
   * no such rule.
   *
   * @throws ModelException what {@code at} throws, if it does at every point
   */
  static Optional<List<ValueMeta>> fit(
      Collection<Dim.Symbol> symbols, Function<Map<Dim.Symbol, Dim>, List<ValueMeta>> at) {
    SampledTypes sampled = new SampledTypes(symbols);
    return sampled.take(at) ? sampled.fit() : Optional.empty();
  }

  private boolean take(Function<Map<Dim.Symbol, Dim>, List<ValueMeta>> at) {
    ModelException failure = null;
    for (Map<Dim.Symbol, Dim> point : choose()) {
      try {
        types.add(at.apply(point));
        points.add(point);
      } catch (ModelException e) {
        failure = e;
      }
    }
    if (types.isEmpty() && failure != null) {
      throw failure;
    }
    return failure == null;
  }

  /** A base point, each symbol alone elsewhere, and all together elsewhere. */
  private Set<Map<Dim.Symbol, Dim>> choose() {
    Set<Map<Dim.Symbol, Dim>> chosen = new LinkedHashSet<>();
    Map<Dim.Symbol, Dim> base = at(3, 5);
    chosen.add(base);
    for (Dim.Symbol symbol : symbols) {
      for (long step : STEPS) {
        Map<Dim.Symbol, Dim> point = new LinkedHashMap<>(base);
        point.put(symbol, Dim.of(value(symbol, step)));
        chosen.add(point);
      }
    }
    chosen.add(at(0, 0));
    chosen.add(at(6, -1));
    chosen.add(at(FARTHEST, 0));
    return chosen;
  }

  private Map<Dim.Symbol, Dim> at(long first, long step) {
    Map<Dim.Symbol, Dim> point = new LinkedHashMap<>();
    long offset = first;
    for (Dim.Symbol symbol : symbols) {
      point.put(symbol, Dim.of(value(symbol, Math.max(0, offset))));
      offset += step;
    }
    return point;
  }

  private static long value(Dim.Symbol symbol, long step) {
    long farthest = Math.min(FARTHEST, symbol.max() - symbol.min());
    return symbol.min() + Math.min(step, farthest);
  }

  private Optional<List<ValueMeta>> fit() {
    List<ValueMeta> first = types.getFirst();
    List<ValueMeta> fitted = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      int at = i;
      if (types.stream().anyMatch(t -> t.size() != first.size())) {
        return Optional.empty();
      }
      List<ValueMeta> seen = types.stream().map(t -> t.get(at)).toList();
      Optional<ValueMeta> type =
          first.get(i) instanceof TensorMeta
              ? tensor(seen)
              : Optional.of(first.get(i)).filter(t -> seen.stream().allMatch(t::equals));
      if (type.isEmpty()) {
        return Optional.empty();
      }
      fitted.add(type.get());
    }
    return Optional.of(fitted);
  }

  private Optional<ValueMeta> tensor(List<ValueMeta> seen) {
    List<TensorMeta> metas = new ArrayList<>();
    for (ValueMeta meta : seen) {
      if (!(meta instanceof TensorMeta tensor)) {
        return Optional.empty();
      }
      metas.add(tensor);
    }
    DType dtype = metas.getFirst().dtype();
    int rank = metas.getFirst().rank();
    if (metas.stream().anyMatch(m -> m.rank() != rank || m.dtype() != dtype)) {
      return Optional.empty();
    }
    Optional<List<Dim>> shape = affine(metas.stream().map(TensorMeta::shape).toList(), rank);
    if (shape.isEmpty()) {
      return Optional.empty();
    }
    if (metas.stream().allMatch(TensorMeta::isContiguous)) {
      return Optional.of(TensorMeta.contiguous(dtype, shape.get()));
    }
    Optional<List<Dim>> strides = affine(metas.stream().map(TensorMeta::strides).toList(), rank);
    return strides.map(s -> new TensorMeta(dtype, shape.get(), s));
  }

  private Optional<List<Dim>> affine(List<List<Dim>> seen, int rank) {
    List<Dim> fitted = new ArrayList<>();
    for (int d = 0; d < rank; d++) {
      int at = d;
      Optional<Dim> one = affine(seen.stream().map(all -> all.get(at).value()).toList());
      if (one.isEmpty()) {
        return Optional.empty();
      }
      fitted.add(one.get());
    }
    return Optional.of(fitted);
  }

  private Optional<Dim> affine(List<Long> values) {
    Dim fitted = Dim.of(values.getFirst());
    Map<Dim.Symbol, Dim> base = points.getFirst();
    for (Dim.Symbol symbol : symbols) {
      for (int p = 1; p < points.size(); p++) {
        long step = points.get(p).get(symbol).value() - base.get(symbol).value();
        if (Math.abs(step) == 1 && differ(points.get(p), base) == 1) {
          long slope = (values.get(p) - values.getFirst()) * step;
          fitted = fitted.plus(Dim.of(symbol).minus(base.get(symbol)).times(slope));
          break;
        }
      }
    }
    for (int p = 0; p < points.size(); p++) {
      if (!fitted.substitute(points.get(p)::get).is(values.get(p))) {
        return Optional.empty();
      }
    }
    return Optional.of(fitted);
  }

  private static int differ(Map<Dim.Symbol, Dim> a, Map<Dim.Symbol, Dim> b) {
    return (int) a.keySet().stream().filter(s -> !a.get(s).equals(b.get(s))).count();
  }
}
