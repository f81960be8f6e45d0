package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.SchemaType;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Makes libtorch's boxed values of arguments. */
final class IValues {
  private final Function<String, IValue> values;

  /**
   * @param values what each value of the graph is
   */
  IValues(Function<String, IValue> values) {
    this.values = values;
  }

  IValue box(Arg arg, SchemaType type) {
    return switch (arg) {
      case Arg.Value v -> values.apply(v.name());
      case Arg.None n -> new IValue();
      case Arg.Int i ->
          type.isTensor()
              ? new IValue(torch.wrapped_scalar_tensor(new Scalar(i.value())))
              : type.base().equals("float")
                  ? new IValue((double) i.value())
                  : new IValue(i.value());
      case Arg.Float f ->
          type.isTensor()
              ? new IValue(torch.wrapped_scalar_tensor(new Scalar(f.value())))
              : new IValue(f.value());
      case Arg.Bool b -> type.isTensor() ? new IValue(truth(b.value())) : new IValue(b.value());
      case Arg.Str s -> new IValue(s.value());
      case Arg.Type t -> new IValue((long) t.value().atenCode());
      case Arg.Layout l -> new IValue((long) layout(l.value()));
      case Arg.MemoryFormat m -> new IValue((long) memoryFormat(m.value()));
      // What a file says of devices is where it was traced, not where it will run.
      case Arg.Device d -> new IValue(new Device("cpu"));
      case Arg.SymInt s -> new IValue(s.value().value());
      case Arg.Sequence s -> list(s.elements(), type);
    };
  }

  private static Tensor truth(boolean value) {
    Tensor tensor =
        torch.scalar_tensor(
            new Scalar(value ? 1L : 0L),
            new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Bool));
    tensor.unsafeGetTensorImpl().set_wrapped_number(true);
    return tensor;
  }

  private IValue list(List<Arg> elements, SchemaType type) {
    SchemaType element = type.isList() ? type.element() : type;
    GenericList list = new GenericList(listType(elements, element).containedType(0));
    for (Arg one : elements) {
      list.push_back(box(one, element));
    }
    return new IValue(list);
  }

  /** A list of boxed values, of the type of {@code sample}. */
  static IValue list(List<IValue> elements, IValue sample) {
    GenericList list =
        new GenericList(
            sample.isList()
                ? ListType.get("List", sample.toList().elementType())
                : plainList(sample).containedType(0));
    elements.forEach(list::push_back);
    return new IValue(list);
  }

  private static ListType plainList(IValue element) {
    return element.isTensor()
        ? ListType.ofTensors()
        : element.isInt()
            ? ListType.ofInts()
            : element.isDouble()
                ? ListType.ofFloats()
                : element.isBool() ? ListType.ofBools() : ListType.ofStrings();
  }

  private static ListType listType(List<Arg> elements, SchemaType element) {
    return switch (element.base()) {
      case "int", "SymInt" -> ListType.ofInts();
      case "float" -> ListType.ofFloats();
      case "bool" -> ListType.ofBools();
      case "str" -> ListType.ofStrings();
      case "Scalar" -> ListType.ofNumbers();
      case "Tensor" -> element.optional() ? ListType.ofOptionalTensors() : ListType.ofTensors();
      default ->
          switch (elements.isEmpty() ? Arg.NONE : elements.getFirst()) {
            case Arg.Float f -> ListType.ofFloats();
            case Arg.Bool b -> ListType.ofBools();
            case Arg.Str s -> ListType.ofStrings();
            case Arg.Value v -> ListType.ofTensors();
            default -> ListType.ofInts();
          };
    };
  }

  static int layout(String name) {
    if (!name.equals("strided")) {
      throw new ModelException(
          ModelException.Kind.IMPORT, "tensors of layout " + name + " are not supported");
    }
    return 0;
  }

  static int memoryFormat(String name) {
    return switch (name) {
      case "contiguous_format" -> 0;
      case "preserve_format" -> 1;
      case "channels_last" -> 2;
      case "channels_last_3d" -> 3;
      default ->
          throw new ModelException(
              ModelException.Kind.IMPORT, "memory format " + name + " is not one PyTorch knows");
    };
  }

  /** The number in a tensor of rank 0. */
  static Arg number(Tensor tensor) {
    Scalar scalar = tensor.item();
    return scalar.isBoolean()
        ? new Arg.Bool(scalar.toBool())
        : scalar.isFloatingPoint()
            ? new Arg.Float(scalar.toDouble())
            : new Arg.Int(scalar.toLong());
  }

  /** A tensor of rank 0. */
  static Tensor scalarTensor(DType dtype, Arg number) {
    Scalar scalar =
        switch (number) {
          case Arg.Int i -> new Scalar(i.value());
          case Arg.Float f -> new Scalar(f.value());
          case Arg.Bool b -> new Scalar(b.value() ? 1L : 0L);
          default -> throw new IllegalArgumentException(number + " is not a number");
        };
    return torch.scalar_tensor(
        scalar, new org.bytedeco.pytorch.TensorOptions(Tensors.scalarType(dtype)));
  }
}
