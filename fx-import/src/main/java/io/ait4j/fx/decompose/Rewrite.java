package io.ait4j.fx.decompose;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.UnprovenEquality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One operator being decomposed: its arguments, and the emission of what stands for it. */
record Rewrite(FxGraphBuilder b, OpTarget target, List<Arg> args) {

  Arg arg(int i) {
    return args.get(i);
  }

  boolean has(int i) {
    return i < args.size() && !(args.get(i) instanceof Arg.None);
  }

  /** Whether argument {@code i} is a tensor and not a number in its place. */
  boolean isTensor(int i) {
    return has(i) && b.isTensor(args.get(i));
  }

  TensorMeta meta(int i) {
    return b.meta(arg(i));
  }

  TensorMeta meta(Arg arg) {
    return b.meta(arg);
  }

  Dim dim(int i) {
    return dim(arg(i));
  }

  private Dim dim(Arg arg) {
    return switch (arg) {
      case Arg.Int n -> Dim.of(n.value());
      case Arg.SymInt n -> n.value();
      default -> throw error(arg + " is not an integer");
    };
  }

  List<Dim> dims(int i) {
    return elements(i).stream().map(this::dim).toList();
  }

  long integer(int i) {
    return constant(dim(i), "argument " + i);
  }

  /** Constants; none if the argument is None or {@code i} negative. */
  List<Long> integers(int i) {
    return i >= 0 && has(i)
        ? dims(i).stream().map(d -> constant(d, "argument " + i)).toList()
        : List.of();
  }

  /** The value of what has to be a constant, {@code what} naming it. */
  long constant(Dim value, String what) {
    return value
        .constant()
        .orElseThrow(
            () ->
                error(
                    "%s is %s, which is known only when the model runs; give %s a constant size"
                        .formatted(
                            what,
                            value,
                            value.symbols().stream()
                                .map(Dim.Symbol::name)
                                .collect(Collectors.joining(" and ")))));
  }

  List<Arg> elements(int i) {
    if (arg(i) instanceof Arg.Sequence s) {
      return s.elements();
    }
    throw error("argument " + i + " is " + arg(i) + ", not a list");
  }

  boolean flag(int i) {
    return arg(i) instanceof Arg.Bool(boolean value) && value;
  }

  /** A number as a double, whatever its form. */
  double number(int i) {
    return switch (arg(i)) {
      case Arg.Int n -> n.value();
      case Arg.Float n -> n.value();
      case Arg.Bool n -> n.value() ? 1 : 0;
      default -> throw error("argument " + i + " is " + arg(i) + ", not a number");
    };
  }

  boolean isNumber(int i) {
    return arg(i) instanceof Arg.Int || arg(i) instanceof Arg.Float || arg(i) instanceof Arg.Bool;
  }

  Optional<DType> dtype(int i) {
    return has(i) && arg(i) instanceof Arg.Type(DType type) ? Optional.of(type) : Optional.empty();
  }

  String text(int i) {
    if (arg(i) instanceof Arg.Str(String text)) {
      return text;
    }
    throw error("argument " + i + " is " + arg(i) + ", not text");
  }

  /** A dimension counted from 0. */
  int axis(long dim, int rank) {
    int range = Math.max(1, rank);
    if (dim < -range || dim >= range) {
      throw error("dimension %d is out of range for a tensor of rank %d".formatted(dim, rank));
    }
    return (int) (dim < 0 ? dim + range : dim);
  }

  /** The dimensions of argument 0 that list {@code i} names, all of them for None or no element. */
  List<Integer> axes(int i) {
    int rank = meta(0).rank();
    List<Integer> axes = new ArrayList<>();
    for (long dim : integers(i)) {
      axes.add(axis(dim, rank));
    }
    if (axes.isEmpty()) {
      for (int d = 0; d < rank; d++) {
        axes.add(d);
      }
    }
    return rank == 0 ? List.of() : axes;
  }

  ModelException error(String problem) {
    return new ModelException(ModelException.Kind.IMPORT, target + ": " + problem);
  }

  /** For two sizes that should be one and are different expressions. */
  ModelException unequal(String problem, Dim left, Dim right) {
    return UnprovenEquality.of(target + ": " + problem, left, right);
  }

  /** The operator itself, as it is. */
  List<Arg> keep() {
    return b.keep(target, args);
  }

  Arg keepOne() {
    return keep().getFirst();
  }

  /** The only result of another operator of the {@code aten} namespace, decomposed if it can be. */
  Arg call(String name, Arg... arguments) {
    return b.call("aten::" + name, arguments);
  }

  /** The same, added as it is. */
  Arg node(String name, Arg... arguments) {
    return b.keep(OpTarget.parse("aten::" + name), List.of(arguments)).getFirst();
  }

  List<Arg> callMany(String name, List<Arg> arguments) {
    return b.emit(OpTarget.parse("aten::" + name), arguments, b.source());
  }

  Arg cast(Arg x, DType dtype) {
    return meta(x).dtype() == dtype ? x : call("_to_copy", x, new Arg.Type(dtype));
  }

  Arg reshape(Arg x, List<Dim> shape) {
    return call("reshape", x, Arg.ofDims(shape));
  }

  Arg permute(Arg x, List<Integer> dims) {
    return call("permute", x, list(dims));
  }

  Arg expand(Arg x, List<Dim> shape) {
    return call("expand", x, Arg.ofDims(shape));
  }

  Arg unsqueeze(Arg x, int dim) {
    return call("unsqueeze", x, of(dim));
  }

  Arg slice(Arg x, int dim, Dim start, Dim end) {
    return call("slice.Tensor", x, of(dim), Arg.of(start), Arg.of(end), of(1));
  }

  static Arg list(List<Integer> values) {
    return new Arg.Sequence(values.stream().map(v -> of(v.longValue())).toList());
  }

  /** The integers from {@code from} to before {@code to}. */
  static List<Integer> range(int from, int to) {
    List<Integer> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(i);
    }
    return all;
  }
}
