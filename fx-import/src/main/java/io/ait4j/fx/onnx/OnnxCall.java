package io.ait4j.fx.onnx;

import static io.ait4j.fx.Arg.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One node being mapped: its inputs and attributes, and the emission of what stands for it.
 *
 * @param inputs null where an optional one is left out
 */
record OnnxCall(Emission out, OnnxNode node, List<OnnxValue> inputs) {

  long version() {
    return node.version();
  }

  Attributes attributes() {
    return node.attributes();
  }

  int count() {
    return inputs.size();
  }

  boolean has(int i) {
    return i < inputs.size() && inputs.get(i) != null;
  }

  OnnxValue value(int i) {
    if (!has(i)) {
      throw error("input " + i + " is missing");
    }
    return inputs.get(i);
  }

  Arg tensor(int i) {
    return out.tensor(value(i));
  }

  /** The tensor, or None if the input is left out. */
  Arg optional(int i) {
    return has(i) ? tensor(i) : Arg.NONE;
  }

  TensorMeta meta(int i) {
    return out.meta(value(i));
  }

  TensorMeta meta(Arg arg) {
    return out.builder().meta(arg);
  }

  DType dtype(int i) {
    return meta(i).dtype();
  }

  int rank(int i) {
    return meta(i).rank();
  }

  List<Dim> shape(int i) {
    return meta(i).shape();
  }

  /** The elements of an input, if they are known at import; what is made of them is settled. */
  Optional<KnownTensor> known(int i) {
    Optional<KnownTensor> known = seen(i);
    known.ifPresent(elements -> settle(i));
    return known;
  }

  /** The same for who may not use them. */
  Optional<KnownTensor> seen(int i) {
    return has(i) ? out.known(inputs.get(i)) : Optional.empty();
  }

  /** Notes that an input's elements become part of the graph. */
  void settle(int i) {
    if (has(i)) {
      out.settle(inputs.get(i));
    }
  }

  /** The elements of an input that describes a shape; refuses one that is computed from data. */
  List<Dim> dims(int i) {
    return known(i)
        .flatMap(KnownTensor::integers)
        .orElseThrow(
            () ->
                error(
                    "input '%s' is computed from data, so that shapes would depend on them; such models are not supported"
                        .formatted(node.inputs().get(i))));
  }

  /** The same where symbols will not do. */
  List<Long> integers(int i) {
    return dims(i).stream().map(d -> constant(d, i)).toList();
  }

  private long constant(Dim dim, int i) {
    return dim.constant()
        .orElseThrow(
            () -> error("input '%s' is %s, not a constant".formatted(node.inputs().get(i), dim)));
  }

  /** A lone number: a scalar or a tensor of one element; empty if it is not known at import. */
  Optional<Arg> number(int i) {
    return number(i, n -> true);
  }

  /** The same if it is of use, else it is not settled. */
  Optional<Arg> number(int i, Predicate<Arg> isOfUse) {
    if (!has(i) || !meta(i).numel().is(1)) {
      return Optional.empty();
    }
    Optional<Arg> number =
        seen(i)
            .filter(k -> k.dtype() != DType.BOOL)
            .map(
                k ->
                    switch (k.elements().getFirst()) {
                      case Num.Whole(Dim d) -> Arg.of(d);
                      case Num.Real(double real) -> new Arg.Float(real);
                    })
            .filter(isOfUse);
    number.ifPresent(n -> settle(i));
    return number;
  }

  /** A number that broadcasts to the other operand without raising its rank, else the tensor. */
  Arg operand(int i, int other) {
    return number(i, n -> isPlain(i, other)).orElseGet(() -> tensor(i));
  }

  /** Whether a lone number changes neither the rank nor the type of the other operand. */
  boolean isPlain(int i, int other) {
    return rank(i) <= rank(other) && dtype(i) == dtype(other);
  }

  /** An axis counted from 0. */
  int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw error("axis %d is out of range for rank %d".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The only result of an ATen operator, decomposed if it can be. */
  Arg call(String name, Arg... args) {
    List<Arg> results = out.emit("aten::" + name, List.of(args), node.label());
    if (results.size() != 1) {
      throw new IllegalStateException(name + " has " + results.size() + " results");
    }
    return results.getFirst();
  }

  /** An ATen operator that we have no shape rule for, with the types of its results. */
  List<Arg> typed(String name, List<? extends ValueMeta> types, Arg... args) {
    OpTarget target = OpTarget.parse("aten::" + name);
    return out.builder()
        .append(
            target,
            out.builder().schema(target).match(List.of(args)),
            List.copyOf(types),
            List.of(),
            node.label());
  }

  Arg cast(Arg x, DType dtype) {
    return meta(x).dtype() == dtype ? x : call("_to_copy", x, new Arg.Type(dtype));
  }

  Arg reshape(Arg x, List<Dim> shape) {
    return call("reshape", x, Arg.ofDims(shape));
  }

  ModelException error(String problem) {
    return new ModelException(ModelException.Kind.IMPORT, node.label() + ": " + problem);
  }

  /** An attribute's value that we do not implement. */
  ModelException unsupported(String what) {
    return error(what + " is not supported; export the model without it");
  }

  static Arg list(List<? extends Number> values) {
    return new Arg.Sequence(values.stream().map(v -> of(v.longValue())).toList());
  }
}
