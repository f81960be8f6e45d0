package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.SchemaType;
import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/** Arguments of a graph as libtorch's values. */
final class Constants {
  private static final List<String> LAYOUTS =
      List.of(
          "strided",
          "sparse_coo",
          "sparse_csr",
          "mkldnn",
          "sparse_csc",
          "sparse_bsr",
          "sparse_bsc",
          "jagged");
  private static final List<String> MEMORY_FORMATS =
      List.of("contiguous_format", "preserve_format", "channels_last", "channels_last_3d");

  private Constants() {}

  /** A constant that is no list and no reference, as a parameter of this type wants it. */
  static IValue value(Arg arg, SchemaType type) {
    boolean tensor = type.base().equals("Tensor");
    return switch (arg) {
      case Arg.None none -> new IValue();
      case Arg.Int(long n) ->
          tensor
              ? wrapped(new Scalar(n))
              : type.base().equals("float")
                  ? new IValue((double) n)
                  : type.base().equals("bool") ? new IValue(n != 0) : new IValue(n);
      case Arg.Float(double x) -> tensor ? wrapped(new Scalar(x)) : new IValue(x);
      case Arg.Bool(boolean b) ->
          tensor
              ? wrappedBoolean(b)
              : type.base().equals("int") ? new IValue(b ? 1L : 0L) : new IValue(b);
      case Arg.Str(String text) -> new IValue(text);
      case Arg.Type(var dtype) -> new IValue((long) dtype.atenCode());
      case Arg.Device(String name) -> {
        try (Device device = new Device(name)) {
          yield new IValue(device);
        }
      }
      case Arg.MemoryFormat(String name) -> new IValue((long) MEMORY_FORMATS.indexOf(name));
      case Arg.Layout(String name) -> new IValue((long) LAYOUTS.indexOf(name));
      case Arg.SymInt s -> throw new IllegalArgumentException(s + " is not a constant");
      case Arg.Sequence s -> throw new IllegalArgumentException(s + " is a list");
      case Arg.Value v -> throw new IllegalArgumentException(v + " is not a constant");
    };
  }

  /** A number in a tensor's place: it does not promote the other operand's type. */
  static IValue wrapped(Scalar scalar) {
    try (scalar;
        Tensor tensor = torch.wrapped_scalar_tensor(scalar)) {
      return new IValue(tensor);
    }
  }

  private static IValue wrappedBoolean(boolean b) {
    try (IValue number = new IValue(b);
        Scalar scalar = number.toScalar()) {
      return wrapped(new Scalar(scalar));
    }
  }

  /** An empty list whose elements a parameter of this type accepts. */
  static GenericList list(SchemaType element) {
    return list(element.base(), element.optional());
  }

  static GenericList list(String base, boolean optional) {
    ListType type =
        switch (base) {
          case "Tensor" -> optional ? ListType.ofOptionalTensors() : ListType.ofTensors();
          case "int", "SymInt" -> ListType.ofInts();
          case "float" -> ListType.ofFloats();
          case "bool" -> ListType.ofBools();
          case "str" -> ListType.ofStrings();
          case "Scalar", "number" -> ListType.ofNumbers();
          default -> throw new IllegalArgumentException("no list of " + base + " can be made here");
        };
    try (Type.TypePtr element = type.containedType(0)) {
      return new GenericList(element);
    }
  }
}
