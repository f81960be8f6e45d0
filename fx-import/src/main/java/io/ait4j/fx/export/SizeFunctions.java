package io.ait4j.fx.export;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import java.util.List;
import java.util.Optional;

/** Python's own functions on sizes that the file does not already give as an expression. */
final class SizeFunctions {
  private SizeFunctions() {}

  /**
   * The result of {@code _operator.add} and the like.
   *
   * @throws io.ait4j.fx.ModelException (IMPORT) naming a function that is not known
   */
  static Arg apply(Context context, ProgramNode node, List<Arg> args) {
    String name = node.target().substring(node.target().lastIndexOf('.') + 1);
    return numbers(name, args)
        .or(() -> sizes(name, args))
        .or(() -> atRunTime(context, name, args))
        .orElseThrow(
            () ->
                context.refuse(
                    "the program calls "
                        + node.target()
                        + " on "
                        + args
                        + ", which is not supported; export it with static sizes"));
  }

  private static Optional<Arg> numbers(String name, List<Arg> args) {
    if (args.isEmpty() || args.stream().anyMatch(a -> !isNumber(a))) {
      return Optional.empty();
    }
    boolean whole = args.stream().allMatch(a -> a instanceof Arg.Int);
    double a = number(args.getFirst());
    double b = args.size() > 1 ? number(args.get(1)) : 0;
    return switch (name) {
      case "truediv" -> Optional.of(new Arg.Float(a / b));
      case "sym_float", "float" -> Optional.of(new Arg.Float(a));
      case "sqrt", "_sym_sqrt" -> Optional.of(new Arg.Float(Math.sqrt(a)));
      case "add", "sub", "mul", "neg", "sym_max", "sym_min" ->
          whole
              ? Optional.empty()
              : Optional.of(
                  new Arg.Float(
                      switch (name) {
                        case "add" -> a + b;
                        case "sub" -> a - b;
                        case "mul" -> a * b;
                        case "neg" -> -a;
                        case "sym_max" -> Math.max(a, b);
                        default -> Math.min(a, b);
                      }));
      case "sym_int", "trunc", "int" -> Optional.of(new Arg.Int((long) a));
      case "floor" -> Optional.of(new Arg.Int((long) Math.floor(a)));
      case "ceil" -> Optional.of(new Arg.Int((long) Math.ceil(a)));
      case "pow" -> whole ? Optional.empty() : Optional.of(new Arg.Float(Math.pow(a, b)));
      default -> comparison(name, args);
    };
  }

  private static Optional<Arg> comparison(String name, List<Arg> args) {
    if (args.size() != 2) {
      return Optional.empty();
    }
    // Integers above 2^53 differ as such and not as floats.
    boolean whole = args.stream().allMatch(a -> a instanceof Arg.Int);
    double order =
        whole
            ? Long.compare(((Arg.Int) args.get(0)).value(), ((Arg.Int) args.get(1)).value())
            : number(args.get(0)) - number(args.get(1));
    return switch (name) {
      case "eq" -> Optional.of(new Arg.Bool(order == 0));
      case "ne" -> Optional.of(new Arg.Bool(order != 0));
      case "lt" -> Optional.of(new Arg.Bool(order < 0));
      case "le" -> Optional.of(new Arg.Bool(order <= 0));
      case "gt" -> Optional.of(new Arg.Bool(order > 0));
      case "ge" -> Optional.of(new Arg.Bool(order >= 0));
      default -> Optional.empty();
    };
  }

  private static boolean isNumber(Arg arg) {
    return arg instanceof Arg.Int || arg instanceof Arg.Float || arg instanceof Arg.Bool;
  }

  private static double number(Arg arg) {
    return switch (arg) {
      case Arg.Int(long n) -> n;
      case Arg.Float(double f) -> f;
      case Arg.Bool(boolean b) -> b ? 1 : 0;
      default -> throw new IllegalArgumentException(arg + " is no number");
    };
  }

  private static Optional<Arg> sizes(String name, List<Arg> args) {
    List<Arg> flat =
        args.size() == 1 && args.getFirst() instanceof Arg.Sequence(List<Arg> elements)
            ? elements
            : args;
    if (flat.isEmpty() || flat.stream().anyMatch(a -> dim(a) == null)) {
      return Optional.empty();
    }
    Dim a = dim(flat.getFirst());
    Dim b = flat.size() > 1 ? dim(flat.get(1)) : null;
    Dim result =
        switch (name) {
          case "sym_sum" -> flat.stream().map(SizeFunctions::dim).reduce(Dim.ZERO, Dim::plus);
          case "sym_int", "sym_float", "pos" -> name.equals("sym_float") ? null : a;
          case "neg" -> a.times(-1);
          case "add" -> b == null ? null : a.plus(b);
          case "sub" -> b == null ? null : a.minus(b);
          case "mul" -> b == null ? null : a.times(b);
          case "floordiv" -> b == null || b.min() < 1 ? null : a.floorDiv(b);
          case "mod" -> b == null || b.min() < 1 ? null : a.mod(b);
          case "sym_max" -> b == null ? null : a.max(b);
          case "sym_min" -> b == null ? null : a.min(b);
          default -> null;
        };
    return Optional.ofNullable(result).map(Arg::of);
  }

  private static Dim dim(Arg arg) {
    return switch (arg) {
      case Arg.Int(long n) -> Dim.of(n);
      case Arg.SymInt(Dim d) -> d;
      default -> null;
    };
  }

  /** On a number that is known only when the model runs: TorchScript has operators for those. */
  private static Optional<Arg> atRunTime(Context context, String name, List<Arg> args) {
    boolean isWhole =
        args.stream()
            .allMatch(
                a ->
                    !(a instanceof Arg.Float)
                        && (!(a instanceof Arg.Value(String value))
                            || !context
                                .builder()
                                .metaOf(value)
                                .equals(new ValueMeta.Scalar(DType.FLOAT64))));
    if (!isWhole || args.stream().noneMatch(a -> a instanceof Arg.Value)) {
      return Optional.empty();
    }
    String operator =
        switch (name) {
          case "add", "sub", "mul", "floordiv", "neg", "eq", "ne", "lt", "le", "gt", "ge" ->
              "aten::" + name + ".int";
          case "mod" -> "aten::remainder.int";
          case "truediv" -> "aten::div.int";
          case "sym_max" -> "prim::max.int";
          case "sym_min" -> "prim::min.int";
          case "sym_float" -> "aten::Float.int";
          case "sym_not" -> "aten::__not__";
          default -> null;
        };
    return operator == null
        ? Optional.empty()
        : Optional.of(
            context.builder().emit(OpTarget.parse(operator), args, context.source).getFirst());
  }
}
