package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import java.util.ArrayList;
import java.util.List;

/** Truth values over symbols. */
final class SymbolicConditions {
  private SymbolicConditions() {}

  /**
   * What must hold for {@code expression} to be {@code wanted}; nothing if it always is.
   *
   * <p>Throws {@link SymbolicText.Malformed} for what guards cannot say.
   */
  static List<Guard> guards(
      SymbolicText expression, boolean wanted, Symbols symbols, String reason) {
    return switch (expression) {
      case SymbolicText.Truth(boolean value) -> value == wanted ? List.of() : Symbols.never(reason);
      case SymbolicText.Call(String function, List<SymbolicText> args) ->
          switch (function) {
            case "Not" -> guards(only(function, args), !wanted, symbols, reason);
            case "And", "Or" -> joined(function, args, wanted, symbols, reason);
            default -> comparison(function, args, wanted, symbols, reason);
          };
      case SymbolicText other -> throw new SymbolicText.Malformed("a number is no truth value");
    };
  }

  private static SymbolicText only(String function, List<SymbolicText> args) {
    if (args.size() != 1) {
      throw new SymbolicText.Malformed(function + " has " + args.size() + " arguments");
    }
    return args.getFirst();
  }

  private static List<Guard> joined(
      String function, List<SymbolicText> args, boolean wanted, Symbols symbols, String reason) {
    boolean all = function.equals("And") == wanted;
    List<Guard> guards = new ArrayList<>();
    List<List<Guard>> open = new ArrayList<>();
    for (SymbolicText arg : args) {
      List<Guard> needs = guards(arg, wanted, symbols, reason);
      if (all) {
        guards.addAll(needs);
      } else if (needs.isEmpty()) {
        return List.of();
      } else if (!isNever(needs)) {
        open.add(needs);
      }
    }
    if (all) {
      return guards;
    }
    if (open.size() > 1) {
      throw new SymbolicText.Malformed("one of several conditions has to hold");
    }
    return open.isEmpty() ? Symbols.never(reason) : open.getFirst();
  }

  private static boolean isNever(List<Guard> guards) {
    return guards.stream().anyMatch(g -> decided(g) == Boolean.FALSE);
  }

  private static List<Guard> comparison(
      String function, List<SymbolicText> args, boolean wanted, Symbols symbols, String reason) {
    if (args.size() != 2) {
      throw new SymbolicText.Malformed("its function " + function + " is not known");
    }
    Ratio a = symbols.ratio(args.get(0));
    Ratio b = symbols.ratio(args.get(1));
    Dim left = a.numerator().times(b.denominator());
    Dim right = b.numerator().times(a.denominator());
    Guard guard =
        switch (function) {
          case "Eq", "Equality" ->
              new Guard(left, wanted ? Guard.Relation.EQ : Guard.Relation.NE, right, reason);
          case "Ne", "Unequality" ->
              new Guard(left, wanted ? Guard.Relation.NE : Guard.Relation.EQ, right, reason);
          case "Lt", "StrictLessThan" -> less(left, right, wanted, reason);
          case "Gt", "StrictGreaterThan" -> less(right, left, wanted, reason);
          case "Le", "LessThan" -> less(right, left, !wanted, reason);
          case "Ge", "GreaterThan" -> less(left, right, !wanted, reason);
          default -> throw new SymbolicText.Malformed("its function " + function + " is not known");
        };
    Boolean decided = decided(guard);
    return decided == null ? List.of(guard) : decided ? List.of() : Symbols.never(reason);
  }

  /** {@code left < right}, or that it does not hold. */
  private static Guard less(Dim left, Dim right, boolean wanted, String reason) {
    return wanted
        ? new Guard(left, Guard.Relation.LT, right, reason)
        : new Guard(right, Guard.Relation.LE, left, reason);
  }

  /** Whether it holds by the symbols' bounds alone; null if these leave it open. */
  static Boolean decided(Guard guard) {
    Dim difference = guard.left().minus(guard.right());
    long min = difference.min();
    long max = difference.max();
    return switch (guard.relation()) {
      case EQ -> min == 0 && max == 0 ? Boolean.TRUE : min > 0 || max < 0 ? Boolean.FALSE : null;
      case NE -> min > 0 || max < 0 ? Boolean.TRUE : min == 0 && max == 0 ? Boolean.FALSE : null;
      case LT -> max < 0 ? Boolean.TRUE : min >= 0 ? Boolean.FALSE : null;
      case LE -> max <= 0 ? Boolean.TRUE : min > 0 ? Boolean.FALSE : null;
    };
  }

  /** {@code Where(condition, a, b)} whose condition the bounds decide. */
  static Ratio choice(String function, List<SymbolicText> args, Symbols symbols) {
    if (!function.equals("Where") || args.size() != 3) {
      throw new SymbolicText.Malformed("its function " + function + " is not known");
    }
    List<Guard> needs = guards(args.getFirst(), true, symbols, "");
    if (needs.isEmpty()) {
      return symbols.ratio(args.get(1));
    }
    if (isNever(needs)) {
      return symbols.ratio(args.get(2));
    }
    throw new SymbolicText.Malformed("it is one of two sizes, depending on " + needs);
  }
}
