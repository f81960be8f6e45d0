package io.ait4j.fx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.ListType;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Runs single operators in libtorch, by its boxed dispatcher, on real CPU tensors. */
public final class TorchOracle {
  private static final Map<OpTarget, OperatorHandle> OPERATORS = new HashMap<>();

  private TorchOracle() {}

  /**
   * The results, those of a list one by one; null for an undefined tensor. Throws what libtorch
   * throws.
   */
  public static List<Tensor> run(OpTarget target, List<Arg> args, Map<String, Tensor> values) {
    OperatorSchema schema = OperatorSchemas.find(target).orElseThrow();
    List<Arg> complete = schema.match(args);
    IValueVector stack = new IValueVector();
    for (int i = 0; i < complete.size(); i++) {
      stack.push_back(box(complete.get(i), schema.parameters().get(i).type(), values));
    }
    OPERATORS
        .computeIfAbsent(
            target,
            t -> {
              OperatorHandle handle =
                  Dispatcher.singleton().findSchemaOrThrow(t.qualifiedName(), t.overload());
              handle.retainReference();
              return handle;
            })
        .callBoxed(stack);
    List<Tensor> results = new ArrayList<>();
    for (long i = 0; i < stack.size(); i++) {
      IValue value = stack.get(i);
      if (value.isTensorList()) {
        TensorVector list = value.toTensorVector();
        for (long k = 0; k < list.size(); k++) {
          results.add(list.get(k));
        }
      } else {
        Tensor tensor = value.isTensor() ? value.toTensor() : null;
        results.add(tensor != null && tensor.defined() ? tensor : null);
      }
    }
    return results;
  }

  private static IValue box(Arg arg, SchemaType type, Map<String, Tensor> values) {
    if (arg instanceof Arg.Sequence s && type.isList()) {
      return list(s.elements(), type.element(), values);
    }
    boolean tensor = type.base().equals("Tensor");
    return switch (arg) {
      case Arg.Value v -> new IValue(values.get(v.name()));
      case Arg.None n -> new IValue();
      case Arg.Int n -> tensor ? number(new Scalar(n.value()), DType.INT64) : new IValue(n.value());
      case Arg.Float n ->
          tensor ? number(new Scalar(n.value()), DType.FLOAT64) : new IValue(n.value());
      case Arg.Bool n ->
          tensor ? number(new Scalar(n.value() ? 1L : 0L), DType.BOOL) : new IValue(n.value());
      case Arg.Str s -> new IValue(s.value());
      case Arg.Type t -> new IValue((long) t.value().atenCode());
      case Arg.Device d -> new IValue(new Device("cpu"));
      case Arg.Layout l -> new IValue(0L);
      case Arg.MemoryFormat m ->
          new IValue(
              (long)
                  List.of(
                          "contiguous_format",
                          "preserve_format",
                          "channels_last",
                          "channels_last_3d")
                      .indexOf(m.value()));
      case Arg.SymInt s -> new IValue(s.value().value());
      case Arg.Sequence s -> throw new IllegalArgumentException(s + " as " + type);
    };
  }

  private static IValue number(Scalar scalar, DType dtype) {
    Tensor tensor = torch.scalar_tensor(scalar, new TensorOptions(scalarType(dtype)));
    tensor.unsafeGetTensorImpl().set_wrapped_number(true);
    return new IValue(tensor);
  }

  private static IValue list(List<Arg> elements, SchemaType element, Map<String, Tensor> values) {
    ListType type =
        switch (element.base()) {
          case "int", "SymInt" -> ListType.ofInts();
          case "float" -> ListType.ofFloats();
          case "bool" -> ListType.ofBools();
          case "Tensor" -> element.optional() ? ListType.ofOptionalTensors() : ListType.ofTensors();
          default -> throw new IllegalArgumentException("a list of " + element);
        };
    GenericList list = new GenericList(type.containedType(0));
    elements.forEach(e -> list.push_back(box(e, element, values)));
    return new IValue(list);
  }

  public static torch.ScalarType scalarType(DType dtype) {
    return torch.ScalarType.values()[dtype.atenCode()].intern();
  }

  /** A tensor's type as libtorch reports it. */
  public static TensorMeta meta(Tensor tensor) {
    DType dtype = DType.ofAten(tensor.scalar_type().value).orElseThrow();
    return new TensorMeta(
        dtype, Dim.ofAll(array(tensor.sizes())), Dim.ofAll(array(tensor.strides())));
  }

  private static long[] array(LongArrayRef ref) {
    long[] values = new long[(int) ref.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ref.at(i);
    }
    return values;
  }

  /** Equal but for strides that reach nothing. */
  public static boolean sameType(TensorMeta a, TensorMeta b) {
    if (a.dtype() != b.dtype() || !a.shape().equals(b.shape())) {
      return false;
    }
    for (int i = 0; i < a.rank(); i++) {
      if (!a.numel().is(0)
          && a.shape().get(i).value() > 1
          && !a.strides().get(i).equals(b.strides().get(i))) {
        return false;
      }
    }
    return true;
  }
}
