package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which keys a query sees, told from what becomes of each score. Whole blocks of queries and keys
 * are decided at once, and halved where that does not succeed: what runs along a diagonal costs as
 * much as its length, not as the area.
 */
final class MaskedKeys {
  /** The lowest float32, which many write for minus infinity: any score added to it is lost. */
  private static final double LOWEST = -Float.MAX_VALUE;

  /** Steps after which a mask counts as any other: some tenths of a second. */
  private static final long ENOUGH = 1L << 22;

  /** Which keys a query sees. */
  enum Shows {
    ALL,
    PAST,
    OTHER
  }

  /** What becomes of scores. */
  private enum Fate {
    KEPT,
    /** Whatever it was, its weight is 0 beside any score that is kept. */
    LOST,
    UNCLEAR
  }

  private final ConstantValues values;
  private final Expr score;
  private final List<Dim.Symbol> axes;
  private final Map<Expr, Boolean> ofScore = new IdentityHashMap<>();

  /**
   * @param score what becomes of {@link Expr.Accumulator}
   * @param axes batch, head, query and key; the last two of fixed extent
   */
  private MaskedKeys(ConstantValues values, Expr score, List<Dim.Symbol> axes) {
    this.values = values;
    this.score = score;
    this.axes = axes;
  }

  static Shows of(ConstantValues values, Expr score, List<Dim.Symbol> axes) {
    MaskedKeys mask = new MaskedKeys(values, score, axes);
    values.allow(ENOUGH);
    Block whole = new Block(0, axes.get(2).extent().value(), 0, axes.get(3).extent().value());
    if (mask.agrees(whole, block -> Optional.of(Fate.KEPT))) {
      return Shows.ALL;
    }
    return mask.agrees(whole, Block::underCausality) ? Shows.PAST : Shows.OTHER;
  }

  /** Some queries and keys; the ends are exclusive. */
  private record Block(long query, long queryEnd, long key, long keyEnd) {
    boolean isEmpty() {
      return query == queryEnd || key == keyEnd;
    }

    boolean isSingle() {
      return queryEnd - query == 1 && keyEnd - key == 1;
    }

    /** Empty where it differs. */
    Optional<Fate> underCausality() {
      return keyEnd - 1 <= query
          ? Optional.of(Fate.KEPT)
          : key > queryEnd - 1 ? Optional.of(Fate.LOST) : Optional.empty();
    }

    List<Block> quarters() {
      long i = (query + queryEnd) / 2;
      long j = (key + keyEnd) / 2;
      return List.of(
          new Block(query, i, key, j),
          new Block(query, i, j, keyEnd),
          new Block(i, queryEnd, key, j),
          new Block(i, queryEnd, j, keyEnd));
    }
  }

  /** What a block's scores should become; empty if not all the same. */
  private interface Expected {
    Optional<Fate> of(Block block);
  }

  private boolean agrees(Block block, Expected expected) {
    if (block.isEmpty()) {
      return true;
    }
    Optional<Fate> fate = expected.of(block);
    if (fate.isPresent()) {
      Fate found = fate(block);
      if (found != Fate.UNCLEAR || block.isSingle()) {
        return found == fate.get();
      }
    }
    return block.quarters().stream().allMatch(quarter -> agrees(quarter, expected));
  }

  private Fate fate(Block block) {
    Map<String, Interval> at = new HashMap<>();
    for (Dim.Symbol axis : axes.subList(0, 2)) {
      if (axis.extent().isConst() && axis.extent().value() > 0) {
        at.put(axis.name(), new Interval(0, axis.extent().value() - 1.0));
      }
    }
    at.put(axes.get(2).name(), new Interval(block.query, block.queryEnd - 1.0));
    at.put(axes.get(3).name(), new Interval(block.key, block.keyEnd - 1.0));
    return fate(score, at);
  }

  /** To add to a score is not to replace it: by 0 the one does nothing, the other does much. */
  private Fate fate(Expr e, Map<String, Interval> at) {
    return switch (e) {
      case Expr.Accumulator a -> Fate.KEPT;
      case Expr constant when !ofScore(constant) ->
          values.of(constant, at).filter(x -> x.high() <= LOWEST).isPresent()
              ? Fate.LOST
              : Fate.UNCLEAR;
      case Expr.Binary(BinaryOp op, DType type, Expr left, Expr right)
          when op == BinaryOp.ADD && !ofScore(right) ->
          added(fate(left, at), right, at);
      case Expr.Binary(BinaryOp op, DType type, Expr left, Expr right)
          when op == BinaryOp.ADD && !ofScore(left) ->
          added(fate(right, at), left, at);
      case Expr.Select s when !ofScore(s.condition()) -> {
        Interval condition = values.of(s.condition(), at).orElse(Interval.EITHER);
        yield condition.is(1)
            ? fate(s.then(), at)
            : condition.is(0) ? fate(s.otherwise(), at) : Fate.UNCLEAR;
      }
      case Expr other -> Fate.UNCLEAR;
    };
  }

  private Fate added(Fate before, Expr mask, Map<String, Interval> at) {
    if (before == Fate.UNCLEAR) {
      return before;
    }
    return values
        .of(mask, at)
        .map(x -> x.is(0) ? before : x.high() <= LOWEST ? Fate.LOST : Fate.UNCLEAR)
        .orElse(Fate.UNCLEAR);
  }

  private boolean ofScore(Expr e) {
    return ofScore.computeIfAbsent(e, Expr::hasAccumulator);
  }
}
