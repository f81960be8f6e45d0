package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.SchemaType;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;

/** Turns arguments of a graph into operands. Names are unique blocks included: one slot each. */
final class Operands {
  /** Takes any argument as it is. */
  static final SchemaType ANY = new SchemaType("Any", 0, 0, true, false, "", false);

  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, ValueMeta> metas = new HashMap<>();
  private final Map<String, Operand.Constant> weights = new HashMap<>();
  private final TorchDevice device;
  private final Consumer<Pointer> keep;

  /**
   * @param keep is given everything native that the operands refer to
   */
  Operands(TorchDevice device, Consumer<Pointer> keep) {
    this.device = device;
    this.keep = keep;
  }

  void bind(FxValue attribute, Weight weight) {
    long[] strides = weight.meta().strides().stream().mapToLong(d -> d.value()).toArray();
    NativeTensor data =
        new NativeTensor(weight.meta().dtype(), weight.meta().sizes(), strides, weight.data());
    try (Tensor tensor = device.place(TensorBridge.toTorch(data))) {
      weights.put(attribute.name(), constant(new IValue(tensor)));
    }
  }

  /** What has been bound, where it lies now. */
  List<NativeTensor> weights() {
    return weights.values().stream()
        .map(weight -> TensorBridge.fromTorch(weight.value().toTensor()))
        .toList();
  }

  /** A weight that an argument refers to; empty if it is something else. */
  Optional<IValue> weight(Arg arg) {
    return arg instanceof Arg.Value(String name) && weights.containsKey(name)
        ? Optional.of(weights.get(name).value())
        : Optional.empty();
  }

  void define(FxValue value) {
    slots.put(value.name(), slots.size());
    metas.put(value.name(), value.meta());
  }

  int slot(String name) {
    Integer slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("nothing defines %" + name);
    }
    return slot;
  }

  /** How many slots a frame needs. */
  int slots() {
    return slots.size();
  }

  Operand operand(Arg arg) {
    return operand(arg, ANY);
  }

  /** An argument as a parameter of this type wants it. */
  Operand operand(Arg arg, SchemaType type) {
    return switch (arg) {
      case Arg.Value(String name) -> reference(name, type);
      case Arg.SymInt(var dim) -> new Operand.Size(dim, type);
      case Arg.Sequence(List<Arg> elements) -> list(elements, type);
      default -> constant(Constants.value(device.place(arg), type));
    };
  }

  private Operand reference(String name, SchemaType type) {
    Operand.Constant weight = weights.get(name);
    if (weight != null) {
      return weight;
    }
    return type.isTensor() && metas.get(name) instanceof ValueMeta.Scalar
        ? new Operand.Number(slot(name))
        : new Operand.Slot(slot(name));
  }

  private Operand list(List<Arg> elements, SchemaType type) {
    SchemaType element =
        type.isList() && !type.base().equals("t") ? type.element() : commonType(elements);
    List<Operand> operands = elements.stream().map(e -> operand(e, element)).toList();
    Operand list = new Operand.Elements(element, operands);
    if (!operands.stream().allMatch(Operand.Constant.class::isInstance)) {
      return list;
    }
    Operand.Constant[] folded = new Operand.Constant[1];
    list.with(null, value -> folded[0] = constant(new IValue(value)));
    return folded[0];
  }

  private Operand.Constant constant(IValue value) {
    keep.accept(value);
    return new Operand.Constant(value);
  }

  /** What TorchScript would call the type of these, where no schema says it. */
  private SchemaType commonType(List<Arg> elements) {
    boolean optional = elements.stream().anyMatch(Arg.None.class::isInstance);
    String base =
        elements.stream()
            .filter(element -> !(element instanceof Arg.None))
            .findFirst()
            .map(this::typeName)
            .orElse("Tensor");
    return new SchemaType(base, 0, 0, optional, false, "", false);
  }

  private String typeName(Arg arg) {
    return switch (arg) {
      case Arg.Int n -> "int";
      case Arg.SymInt n -> "int";
      case Arg.Float x -> "float";
      case Arg.Bool b -> "bool";
      case Arg.Str s -> "str";
      case Arg.Value(String name) when metas.get(name) instanceof ValueMeta.Scalar(DType dtype) ->
          dtype == DType.BOOL ? "bool" : dtype.isFloating() ? "float" : "int";
      default -> "Tensor";
    };
  }
}
