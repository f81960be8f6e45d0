package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The symbols of a program: those that the inputs' shapes determine have bounds or a value; a size
 * that has any other in it is known only at run time.
 */
final class Symbols {
  private static final int LONGEST = 100_000;

  private final Map<String, Dim> values;
  private final Map<String, Optional<Ratio>> known = new HashMap<>();

  /**
   * @param values of the symbols that the inputs determine, by name
   */
  Symbols(Map<String, Dim> values) {
    this.values = Map.copyOf(values);
  }

  /** A symbol with the bounds that the file gives it. */
  static Dim declared(SymbolicText.Name symbol, Map<String, ExportedProgram.Bounds> bounds) {
    ExportedProgram.Bounds limits =
        bounds.getOrDefault(symbol.name(), new ExportedProgram.Bounds(0, Dim.UNBOUNDED));
    long min = Math.max(limits.min(), symbol.positive() ? 1 : 0);
    if (min > limits.max()) {
      throw refuse(symbol.name(), "the symbol is a size of at most " + limits.max());
    }
    return Dim.symbol(symbol.name(), min, limits.max());
  }

  /** Throws {@link ModelException} (IMPORT) if the text is no expression. */
  static SymbolicText parse(String text) {
    if (text.length() > LONGEST) {
      throw refuse(text.substring(0, 60) + "...", "it is too long");
    }
    try {
      return SymbolicText.parse(text);
    } catch (SymbolicText.Malformed e) {
      throw refuse(text, e.getMessage());
    }
  }

  /** The size over the inputs' symbols; empty if they do not determine it. */
  Optional<Dim> dim(Size size) {
    return switch (size) {
      case Size.Known(long value) -> Optional.of(Dim.of(value));
      case Size.Expression(String text) ->
          known
              .computeIfAbsent(text, this::evaluate)
              // A fraction in a size is an exact one.
              .map(Ratio::floor);
    };
  }

  /** The sizes; empty if the inputs do not determine them all. */
  Optional<List<Dim>> dims(List<Size> sizes) {
    List<Dim> dims = new ArrayList<>();
    for (Size size : sizes) {
      Optional<Dim> dim = dim(size);
      if (dim.isEmpty()) {
        return Optional.empty();
      }
      dims.add(dim.get());
    }
    return Optional.of(dims);
  }

  /**
   * What must hold for a condition to be true, nothing if it is always; empty if the inputs do not
   * determine it.
   *
   * @param reason for the guards
   */
  Optional<List<Guard>> condition(Size size, String reason) {
    return switch (size) {
      case Size.Known(long value) -> Optional.of(value != 0 ? List.of() : never(reason));
      case Size.Expression(String text) -> {
        SymbolicText expression = parse(text);
        if (!isDetermined(expression)) {
          yield Optional.empty();
        }
        try {
          yield Optional.of(SymbolicConditions.guards(expression, true, this, reason));
        } catch (SymbolicText.Malformed | ArithmeticException | IllegalArgumentException e) {
          throw refuse(text, e.getMessage());
        }
      }
    };
  }

  static List<Guard> never(String reason) {
    return List.of(new Guard(Dim.ZERO, Guard.Relation.EQ, Dim.ONE, reason));
  }

  private boolean isDetermined(SymbolicText expression) {
    Set<String> names = new HashSet<>();
    expression.collectNames(names);
    return values.keySet().containsAll(names);
  }

  private Optional<Ratio> evaluate(String text) {
    SymbolicText expression = parse(text);
    if (!isDetermined(expression)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ratio(expression));
    } catch (SymbolicText.Malformed | ArithmeticException | IllegalArgumentException e) {
      throw refuse(text, e.getMessage());
    }
  }

  private static ModelException refuse(String text, String why) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "the program has a size that cannot be read here, '%s': %s; export it with that dimension static"
            .formatted(text, why));
  }

  Ratio ratio(SymbolicText expression) {
    return switch (expression) {
      case SymbolicText.Number(long numerator, long denominator) ->
          new Ratio(Dim.of(numerator), Dim.of(denominator));
      case SymbolicText.Name(String name, boolean positive) -> Ratio.of(values.get(name));
      case SymbolicText.Truth t -> throw new SymbolicText.Malformed("it has a truth value in it");
      case SymbolicText.Call(String function, List<SymbolicText> args) -> call(function, args);
    };
  }

  private Ratio call(String function, List<SymbolicText> texts) {
    if (function.equals("Where") || function.equals("Piecewise")) {
      return SymbolicConditions.choice(function, texts, this);
    }
    List<Ratio> args = texts.stream().map(this::ratio).toList();
    return switch (function) {
      case "Add" -> args.stream().reduce(Ratio.of(Dim.ZERO), Ratio::plus);
      case "Mul" -> args.stream().reduce(Ratio.of(Dim.ONE), Ratio::times);
      case "Pow", "PowByNatural" -> binary(function, args).power(exponent(args.get(1)));
      case "FloorDiv" -> Ratio.of(binary(function, args).dividedBy(args.get(1)).floor());
      case "CeilDiv" -> Ratio.of(binary(function, args).dividedBy(args.get(1)).ceiling());
      case "CleanDiv", "IntTrueDiv", "FloatTrueDiv" ->
          binary(function, args).dividedBy(args.get(1));
      case "Mod", "PythonMod" -> Ratio.of(whole(binary(function, args)).mod(whole(args.get(1))));
      case "ModularIndexing" -> {
        if (args.size() != 3) {
          throw arity(function, args);
        }
        yield Ratio.of(args.get(0).dividedBy(args.get(1)).floor().mod(whole(args.get(2))));
      }
      case "Max" -> Ratio.of(args.stream().map(Symbols::whole).reduce(Dim::max).orElseThrow());
      case "Min" -> Ratio.of(args.stream().map(Symbols::whole).reduce(Dim::min).orElseThrow());
      case "Abs" -> {
        Dim value = whole(unary(function, args));
        yield Ratio.of(value.max(value.times(-1)));
      }
      case "floor", "FloorToInt" -> Ratio.of(unary(function, args).floor());
      case "ceiling", "CeilToInt" -> Ratio.of(unary(function, args).ceiling());
      case "TruncToInt" -> {
        Ratio value = unary(function, args);
        if (value.numerator().min() < 0) {
          throw new SymbolicText.Malformed("it cuts off what may be negative");
        }
        yield Ratio.of(value.floor());
      }
      case "ToFloat", "Identity" -> unary(function, args);
      default -> throw new SymbolicText.Malformed("its function " + function + " is not known");
    };
  }

  private static Ratio unary(String function, List<Ratio> args) {
    if (args.size() != 1) {
      throw arity(function, args);
    }
    return args.getFirst();
  }

  private static Ratio binary(String function, List<Ratio> args) {
    if (args.size() != 2) {
      throw arity(function, args);
    }
    return args.getFirst();
  }

  private static SymbolicText.Malformed arity(String function, List<Ratio> args) {
    return new SymbolicText.Malformed(function + " has " + args.size() + " arguments");
  }

  private static long exponent(Ratio ratio) {
    Dim value = whole(ratio);
    if (!value.isConst()) {
      throw new SymbolicText.Malformed("it has the exponent " + value);
    }
    return value.value();
  }

  static Dim whole(Ratio ratio) {
    Dim quotient = ratio.floor();
    if (!quotient.times(ratio.denominator()).equals(ratio.numerator())) {
      throw new SymbolicText.Malformed("it has a fraction where an integer belongs");
    }
    return quotient;
  }
}
