package io.ait4j.fx.rules;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.UnprovenEquality;
import io.ait4j.fx.ValueMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The arguments of one operator, read as what its schema says they are. */
record OpCall(OpTarget target, List<Arg> args, Function<String, ValueMeta> metaOf) {

  /** A type that only running the operator would tell. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super(null, null, false, false);
    }
  }

  ModelException error(String problem) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        target + ": " + problem + "; check the model and the shapes of its inputs");
  }

  /** For two sizes that should be one and are different expressions. */
  ModelException unequal(String problem, Dim left, Dim right) {
    return UnprovenEquality.of(target + ": " + problem, left, right);
  }

  /** For two shapes that should be one and differ, in rank or where {@code shapes} says. */
  ModelException unequal(String problem, List<Dim> left, List<Dim> right) {
    for (int i = 0; i < left.size() && left.size() == right.size(); i++) {
      if (!left.get(i).equals(right.get(i))) {
        return unequal(problem, left.get(i), right.get(i));
      }
    }
    return error(problem);
  }

  private ModelException unexpected(int i, String wanted) {
    return error(
        "argument "
            + i
            + " should be "
            + wanted
            + " but is "
            + (i < args.size() ? args.get(i) : "missing"));
  }

  boolean has(int i) {
    return i < args.size() && !(args.get(i) instanceof Arg.None);
  }

  TensorMeta tensor(int i) {
    return has(i) ? tensor(args.get(i), i) : missingTensor(i);
  }

  private TensorMeta missingTensor(int i) {
    throw unexpected(i, "a tensor");
  }

  private TensorMeta tensor(Arg arg, int i) {
    if (arg instanceof Arg.Value v) {
      return switch (metaOf.apply(v.name())) {
        case TensorMeta t -> t;
        case ValueMeta.Opaque o -> throw new Unknown();
        case null, default -> throw unexpected(i, "a tensor");
      };
    }
    throw unexpected(i, "a tensor");
  }

  Optional<TensorMeta> optionalTensor(int i) {
    return has(i) ? Optional.of(tensor(i)) : Optional.empty();
  }

  /** The tensors of a list; null where an element is None. */
  List<TensorMeta> tensors(int i) {
    List<TensorMeta> tensors = new ArrayList<>();
    for (Arg element : elements(i)) {
      tensors.add(element instanceof Arg.None ? null : tensor(element, i));
    }
    return tensors;
  }

  private List<Arg> elements(int i) {
    if (has(i) && args.get(i) instanceof Arg.Sequence s) {
      return s.elements();
    }
    if (has(i) && args.get(i) instanceof Arg.Value) {
      throw new Unknown();
    }
    throw unexpected(i, "a list");
  }

  /** A tensor, or a number that takes a tensor's place. */
  Operand operand(int i) {
    if (!has(i)) {
      throw unexpected(i, "a tensor or a number");
    }
    return switch (args.get(i)) {
      case Arg.Value v ->
          switch (metaOf.apply(v.name())) {
            case TensorMeta t -> new Operand(t, false);
            case ValueMeta.Scalar s -> Operand.number(s.dtype());
            case ValueMeta.Opaque o -> throw new Unknown();
            case null, default -> throw unexpected(i, "a tensor or a number");
          };
      case Arg.Int n -> Operand.number(DType.INT64);
      case Arg.SymInt n -> Operand.number(DType.INT64);
      case Arg.Float n -> Operand.number(DType.FLOAT64);
      case Arg.Bool n -> Operand.number(DType.BOOL);
      default -> throw unexpected(i, "a tensor or a number");
    };
  }

  Dim dim(int i) {
    return has(i) ? dim(args.get(i), i) : missingDim(i);
  }

  private Dim missingDim(int i) {
    throw unexpected(i, "an integer");
  }

  private Dim dim(Arg arg, int i) {
    return switch (arg) {
      case Arg.Int n -> Dim.of(n.value());
      case Arg.SymInt n -> n.value();
      case Arg.Value v -> throw new Unknown();
      default -> throw unexpected(i, "an integer");
    };
  }

  /** A list of sizes; a lone integer is a list of one, as schemas' {@code int[1]} allow. */
  List<Dim> dims(int i) {
    if (has(i) && !(args.get(i) instanceof Arg.Sequence)) {
      return List.of(dim(i));
    }
    return elements(i).stream().map(e -> dim(e, i)).toList();
  }

  long integer(int i) {
    return constant(dim(i), i);
  }

  private long constant(Dim value, int i) {
    return value
        .constant()
        .orElseThrow(
            () -> error("argument " + i + " depends on " + value + " and has to be a constant"));
  }

  /** Constants; None and an absent argument are an empty list. */
  List<Long> integers(int i) {
    if (!has(i)) {
      return List.of();
    }
    return dims(i).stream().map(d -> constant(d, i)).toList();
  }

  boolean flag(int i) {
    if (!has(i)) {
      return false;
    }
    return switch (args.get(i)) {
      case Arg.Bool b -> b.value();
      case Arg.Int n -> n.value() != 0;
      case Arg.Value v -> throw new Unknown();
      default -> throw unexpected(i, "a truth value");
    };
  }

  Optional<String> text(int i) {
    if (!has(i)) {
      return Optional.empty();
    }
    return switch (args.get(i)) {
      case Arg.Str s -> Optional.of(s.value());
      case Arg.MemoryFormat m -> Optional.of(m.value());
      default -> throw unexpected(i, "text");
    };
  }

  Optional<DType> dtype(int i) {
    if (!has(i)) {
      return Optional.empty();
    }
    return switch (args.get(i)) {
      case Arg.Type t -> Optional.of(t.value());
      case Arg.Int n ->
          Optional.of(
              DType.ofAten((int) n.value())
                  .orElseThrow(() -> error("dtype number " + n.value() + " is not supported")));
      default -> throw unexpected(i, "a dtype");
    };
  }

  /** The dimension that argument {@code i} names in a tensor of this rank, counted from 0. */
  int axis(int i, int rank) {
    return axis(integer(i), rank);
  }

  int axis(long dim, int rank) {
    int range = Math.max(1, rank);
    if (dim < -range || dim >= range) {
      throw error("dimension %d is out of range for a tensor of rank %d".formatted(dim, rank));
    }
    return (int) (dim < 0 ? dim + range : dim);
  }

  /** Which dimensions a list names; all of them for None and for an empty list. */
  boolean[] axes(int i, int rank) {
    List<Long> named = integers(i);
    boolean[] chosen = new boolean[rank];
    for (long dim : named) {
      int axis = axis(dim, rank);
      if (rank > 0) {
        if (chosen[axis]) {
          throw error("dimension " + axis + " appears twice");
        }
        chosen[axis] = true;
      }
    }
    if (named.isEmpty()) {
      java.util.Arrays.fill(chosen, true);
    }
    return chosen;
  }
}
