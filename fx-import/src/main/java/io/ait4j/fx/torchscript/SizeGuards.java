package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.Guard.Relation;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Result;
import io.ait4j.fx.memory.TensorRef;
import java.util.List;
import java.util.Optional;

/** What operators on tensors with symbolic sizes take for granted, as guards. */
final class SizeGuards {
  private final Context context;
  private final Guards guards;

  SizeGuards(Context context, Guards guards) {
    this.context = context;
    this.guards = guards;
  }

  /** Before an operator is added: where its meaning turns on a size or the sign of a bound. */
  void before(OpTarget target, List<Arg> args) {
    switch (target.name()) {
      case "squeeze", "squeeze_" -> squeezed(target, args);
      case "slice", "slice_scatter" -> {
        int first = target.name().equals("slice") ? 2 : 3;
        sign(target, args.get(first));
        sign(target, args.get(first + 1));
      }
      case "select", "narrow" -> {
        sign(target, args.get(2));
        inside(target, args);
      }
      case "select_scatter" -> sign(target, args.get(3));
      default -> {}
    }
  }

  /** After it: no size is negative, and no window falls off a small image. */
  void after(OpTarget target, List<Result> results) {
    boolean isWindowed =
        target.name().contains("conv")
            || target.name().contains("pool")
            || target.name().equals("unfold");
    for (Result result : results) {
      if (result instanceof Result.Tensor(TensorRef ref)
          && context.typed(ref.typedValue()) instanceof TensorMeta meta) {
        for (Dim size : meta.shape()) {
          if (size.min() < 0 || isWindowed && size.min() < 1 && !size.isConst()) {
            require(target, Dim.of(isWindowed ? 1 : 0), Relation.LE, size);
          }
        }
      }
    }
  }

  private void squeezed(OpTarget target, List<Arg> args) {
    TensorMeta self = context.typed(args.getFirst());
    if (self == null) {
      return;
    }
    List<Arg> named =
        args.size() < 2
            ? List.of()
            : args.get(1) instanceof Arg.Sequence s ? s.elements() : List.of(args.get(1));
    for (int i = 0; i < self.rank(); i++) {
      boolean chosen =
          args.size() < 2
              || named.contains(new Arg.Int(i))
              || named.contains(new Arg.Int(i - self.rank()));
      if (chosen && !self.shape().get(i).isConst()) {
        require(target, self.shape().get(i), Relation.NE, Dim.ONE);
      }
    }
  }

  /** A bound counts from the end if it is negative; which, must not depend on the symbols. */
  private void sign(OpTarget target, Arg bound) {
    if (bound instanceof Arg.SymInt(Dim place) && place.max() >= 0) {
      require(target, Dim.ZERO, Relation.LE, place);
    }
  }

  /** An element or a part has to be there. */
  private void inside(OpTarget target, List<Arg> args) {
    TensorMeta self = context.typed(args.getFirst());
    if (self == null
        || !(args.get(1) instanceof Arg.Int(long d))
        || d < -self.rank()
        || d >= self.rank()) {
      return;
    }
    Dim size = self.shape().get((int) (d < 0 ? d + self.rank() : d));
    Optional<Dim> start = SymbolicSizes.dim(new JitValue.Leaf(args.get(2)));
    Optional<Dim> length =
        target.name().equals("select")
            ? Optional.of(Dim.ONE)
            : SymbolicSizes.dim(new JitValue.Leaf(args.get(3)));
    if (size.isConst() || start.isEmpty() || length.isEmpty()) {
      return;
    }
    if (start.get().max() < 0) {
      require(target, Dim.ZERO, Relation.LE, size.plus(start.get()));
    } else {
      require(target, start.get().plus(length.get()), Relation.LE, size);
    }
  }

  private void require(OpTarget target, Dim left, Relation relation, Dim right) {
    guards.require(
        new Guard(
            left,
            relation,
            right,
            target + (context.source.isEmpty() ? "" : " at " + context.source)));
  }
}
