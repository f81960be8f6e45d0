package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/** The graph being made, and how values that are not in it yet get there. */
final class Emission {
  private final FxGraphBuilder builder;
  private final OnnxTensors tensors;
  private final Set<String> weightNames;
  private final Map<StoredTensor, Optional<KnownTensor>> contents;
  private final Map<StoredTensor, MemorySegment> data;
  private final Set<String> settled;
  private final Map<Record, Arg> emitted = new IdentityHashMap<>();

  Emission(FxGraphBuilder builder, OnnxTensors tensors) {
    this.builder = builder;
    this.tensors = tensors;
    this.weightNames = new HashSet<>();
    this.contents = new IdentityHashMap<>();
    this.data = new IdentityHashMap<>();
    this.settled = new HashSet<>();
  }

  private Emission(Emission outer) {
    this.builder = outer.builder.block();
    this.tensors = outer.tensors;
    this.weightNames = outer.weightNames;
    this.contents = outer.contents;
    this.data = outer.data;
    this.settled = outer.settled;
    this.emitted.putAll(outer.emitted);
  }

  /** Of a block in the graph; what it emits is not seen outside. */
  Emission block() {
    return new Emission(this);
  }

  FxGraphBuilder builder() {
    return builder;
  }

  OnnxTensors tensors() {
    return tensors;
  }

  /** The value as a tensor of the graph: a weight if it is the file's or known. */
  Arg tensor(OnnxValue value) {
    return switch (value) {
      case OnnxValue.Computed computed -> computed.arg();
      case OnnxValue.Stored(StoredTensor tensor) ->
          emitted.computeIfAbsent(
              tensor, t -> weight(tensor.name(), tensor.meta(), data(tensor), kind(tensor)));
      case OnnxValue.Known(KnownTensor tensor) -> {
        Arg known = emitted.get(tensor);
        if (known == null) {
          known = tensor.isConstant() ? constant(tensor) : symbolic(tensor);
          emitted.put(tensor, known);
        }
        yield known;
      }
      case OnnxValue.Sequence sequence ->
          throw new ModelException(
              ModelException.Kind.IMPORT, "it is a sequence of tensors, not a tensor");
    };
  }

  /** Checkpoints hold numbers of floating types under initialisers' names, and nothing else. */
  private static Weight.Kind kind(StoredTensor tensor) {
    return tensor.isInitializer() && tensor.meta().dtype().isFloating()
        ? Weight.Kind.PARAMETER
        : Weight.Kind.CONSTANT;
  }

  /** What an operator yielded. */
  OnnxValue value(Arg result) {
    if (result instanceof Arg.Value value
        && builder.metaOf(value.name()) instanceof TensorMeta meta) {
      return new OnnxValue.Computed(value, meta);
    }
    ValueMeta meta = result instanceof Arg.Value(String name) ? builder.metaOf(name) : null;
    throw new ModelException(
        ModelException.Kind.IMPORT,
        "the type of its result is not known before it runs ("
            + (meta == null ? result : meta)
            + ")");
  }

  TensorMeta meta(OnnxValue value) {
    return switch (value) {
      case OnnxValue.Computed computed -> computed.meta();
      case OnnxValue.Stored(StoredTensor tensor) -> tensor.meta();
      case OnnxValue.Known(KnownTensor tensor) -> tensor.meta();
      case OnnxValue.Sequence sequence ->
          throw new ModelException(
              ModelException.Kind.IMPORT, "it is a sequence of tensors, not a tensor");
    };
  }

  /** Notes that the elements become part of the graph, if a checkpoint may have others. */
  void settle(OnnxValue value) {
    if (value instanceof OnnxValue.Stored(StoredTensor tensor)
        && kind(tensor) == Weight.Kind.PARAMETER) {
      settled.add(tensor.name());
    }
  }

  /** Parameters whose elements became part of the graph, be they weights of it too. */
  Set<String> settled() {
    return settled;
  }

  /** The elements, if they are known and few. */
  Optional<KnownTensor> known(OnnxValue value) {
    return switch (value) {
      case OnnxValue.Known(KnownTensor tensor) -> Optional.of(tensor);
      case OnnxValue.Stored(StoredTensor tensor) ->
          contents.computeIfAbsent(
              tensor,
              t ->
                  tensor.meta().dtype().isComplex()
                          || tensor.bytes()
                              > (long) KnownTensor.LIMIT * tensor.meta().dtype().bytes()
                      ? Optional.empty()
                      : Optional.of(Elements.read(tensor.meta(), data(tensor))));
      case OnnxValue.Computed c -> Optional.empty();
      case OnnxValue.Sequence s -> Optional.empty();
    };
  }

  /** The least element of an int64 or int32 tensor of the file; empty if it is not one. */
  OptionalLong minimum(OnnxValue value) {
    if (value instanceof OnnxValue.Known(KnownTensor tensor)) {
      return tensor.integers().stream().flatMap(List::stream).mapToLong(Dim::min).min();
    }
    if (!(value instanceof OnnxValue.Stored(StoredTensor tensor))) {
      return OptionalLong.empty();
    }
    LongStream indices = LongStream.range(0, tensor.meta().numel().value());
    MemorySegment elements = data(tensor);
    return switch (tensor.meta().dtype()) {
      case INT64 -> indices.map(i -> elements.getAtIndex(ValueLayout.JAVA_LONG, i)).min();
      case INT32 -> indices.map(i -> elements.getAtIndex(ValueLayout.JAVA_INT, i)).min();
      default -> OptionalLong.empty();
    };
  }

  /** A stored tensor's elements in native memory. */
  MemorySegment data(StoredTensor tensor) {
    return data.computeIfAbsent(tensor, tensors::data);
  }

  private Arg constant(KnownTensor tensor) {
    TensorMeta meta = tensor.meta();
    MemorySegment data =
        tensor.elements().isEmpty()
            ? MemorySegment.NULL
            : tensors
                .arena()
                .allocate(
                    (long) tensor.elements().size() * tensor.dtype().bytes(),
                    tensor.dtype().bytes());
    Elements.write(tensor, data);
    return weight("constant", meta, data.asReadOnly(), Weight.Kind.CONSTANT);
  }

  /** Sizes as data: each element by itself, then joined. */
  private Arg symbolic(KnownTensor tensor) {
    List<Arg> parts = new ArrayList<>();
    for (Num element : tensor.elements()) {
      Arg number =
          switch (element) {
            case Num.Whole(Dim dim) -> Arg.of(dim);
            case Num.Real(double real) -> new Arg.Float(real);
          };
      DType made = element instanceof Num.Whole ? DType.INT64 : tensor.dtype();
      Arg part = builder.call("aten::full", Arg.ints(1), number, new Arg.Type(made));
      parts.add(
          made == tensor.dtype()
              ? part
              : builder.call("aten::_to_copy", part, new Arg.Type(tensor.dtype())));
    }
    Arg joined = builder.call("aten::cat", new Arg.Sequence(parts), new Arg.Int(0));
    return builder.call("aten::reshape", joined, Arg.ofDims(tensor.meta().shape()));
  }

  private Arg weight(String name, TensorMeta meta, MemorySegment data, Weight.Kind kind) {
    String free = name;
    for (int i = 1; !weightNames.add(free); i++) {
      free = name + "_" + i;
    }
    return builder.attribute(new Weight(free, meta, data, kind));
  }

  /** Emits an operator. */
  List<Arg> emit(String target, List<Arg> args, String source) {
    return builder.emit(OpTarget.parse(target), args, source);
  }
}
