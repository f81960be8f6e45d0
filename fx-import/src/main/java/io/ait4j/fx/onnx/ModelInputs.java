package io.ait4j.fx.onnx;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.onnx.proto.DimensionMessage;
import io.ait4j.fx.onnx.proto.ValueInfoMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settles the types of a model's inputs: what the file says, and for the sizes it leaves open what
 * the user says.
 */
final class ModelInputs {
  /** By the file's name. */
  private final Map<String, Dim> symbols = new HashMap<>();

  /** By the user's name: a size that the user names twice is one size. */
  private final Map<String, Dim> users = new HashMap<>();

  private final Set<String> open = new LinkedHashSet<>();

  private ModelInputs() {}

  /**
   * One specification for each of the file's inputs, in their order.
   *
   * @param specs by name or, those without one, by place
   * @throws ModelException USAGE if the specifications contradict the file or leave a size without
   *     bounds, IMPORT if the file's types are not valid or not supported
   */
  static List<InputSpec> resolve(List<ValueInfoMessage> inputs, List<InputSpec> specs) {
    InputSpec[] given = assign(inputs, specs);
    ModelInputs resolution = new ModelInputs();
    for (int i = 0; i < given.length; i++) {
      if (given[i] != null) {
        resolution.bind(inputs.get(i), given[i]);
      }
    }
    List<InputSpec> resolved = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      resolved.add(resolution.type(inputs.get(i), given[i]));
    }
    if (!resolution.open.isEmpty()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the model leaves sizes open (%s); say within which bounds, or which size: %s"
              .formatted(
                  String.join(", ", resolution.open),
                  resolved.stream().map(ModelInputs::example).collect(Collectors.joining(" "))));
    }
    return resolved;
  }

  private static String example(InputSpec input) {
    return input.meta().shape().stream()
        .map(d -> d.max() == Dim.UNBOUNDED ? "1..16" : d.toString())
        .collect(
            Collectors.joining(
                ",",
                "--input '" + input.name() + "=" + input.meta().dtype().torchName() + "[",
                "]'"));
  }

  private static InputSpec[] assign(List<ValueInfoMessage> inputs, List<InputSpec> specs) {
    InputSpec[] given = new InputSpec[inputs.size()];
    List<String> names = inputs.stream().map(ValueInfoMessage::getName).toList();
    for (InputSpec spec : specs) {
      if (spec.name() != null) {
        int at = names.indexOf(spec.name());
        if (at < 0) {
          throw usage("the model has no input '" + spec.name() + "'; it has " + names);
        }
        if (given[at] != null) {
          throw usage("input '" + spec.name() + "' is given twice");
        }
        given[at] = spec;
      }
    }
    int next = 0;
    for (InputSpec spec : specs) {
      if (spec.name() == null) {
        while (next < given.length && given[next] != null) {
          next++;
        }
        if (next == given.length) {
          throw usage("there are more inputs than the model takes; it has " + names);
        }
        given[next] = spec;
      }
    }
    return given;
  }

  /** Takes from a user's type what the file leaves open. */
  private void bind(ValueInfoMessage input, InputSpec spec) {
    String name = input.getName();
    DType dtype = dtype(input);
    if (spec.meta().dtype() != dtype) {
      throw usage(
          "input '%s' is %s in the file, but %s is given"
              .formatted(name, dtype.torchName(), spec.meta().dtype().torchName()));
    }
    if (!input.getType().getTensorType().hasShape()) {
      return;
    }
    List<DimensionMessage> dims = input.getType().getTensorType().getShape().getDimList();
    if (dims.size() != spec.meta().rank()) {
      throw usage(
          "input '%s' has %d dimensions in the file, but %s is given"
              .formatted(name, dims.size(), spec.meta()));
    }
    for (int i = 0; i < dims.size(); i++) {
      Dim wanted = spec.meta().shape().get(i);
      DimensionMessage dim = dims.get(i);
      if (!dim.hasDimValue()) {
        bind(symbol(input, dim, i), wanted, name);
      } else if (!wanted.is(dim.getDimValue())) {
        throw usage(
            "dimension %d of input '%s' is %d in the file, but %s is given"
                .formatted(i, name, dim.getDimValue(), wanted));
      }
    }
  }

  private void bind(String symbol, Dim wanted, String input) {
    Dim value = wanted;
    if (wanted.symbols().size() == 1 && wanted.equals(Dim.of(first(wanted)))) {
      value =
          users.computeIfAbsent(
              first(wanted).name(), name -> Dim.symbol(symbol, wanted.min(), wanted.max()));
    }
    Dim known = symbols.putIfAbsent(symbol, value);
    if (known != null
        && (!known.equals(value) || known.min() != value.min() || known.max() != value.max())) {
      throw usage(
          "size '%s' of the model is given twice, as %s and, by input '%s', as %s"
              .formatted(symbol, bounds(known), input, bounds(value)));
    }
  }

  private static Dim.Symbol first(Dim dim) {
    return dim.symbols().iterator().next();
  }

  private static String bounds(Dim dim) {
    return dim.isConst() ? dim.toString() : dim.min() + ".." + dim.max();
  }

  private InputSpec type(ValueInfoMessage input, InputSpec given) {
    String name = input.getName();
    DType dtype = dtype(input);
    if (!input.getType().getTensorType().hasShape()) {
      if (given == null) {
        throw usage(
            "the file does not say the shape of input '%s'; give it: --input '%s=%s[1,3,224,224]' for example"
                .formatted(name, name, dtype.torchName()));
      }
      return new InputSpec(name, TensorMeta.contiguous(dtype, given.meta().shape()));
    }
    List<Dim> shape = new ArrayList<>();
    List<DimensionMessage> dims = input.getType().getTensorType().getShape().getDimList();
    for (int i = 0; i < dims.size(); i++) {
      shape.add(dim(input, dims.get(i), i));
    }
    return new InputSpec(name, TensorMeta.contiguous(dtype, shape));
  }

  private Dim dim(ValueInfoMessage input, DimensionMessage dim, int axis) {
    if (dim.hasDimValue()) {
      if (dim.getDimValue() < 0) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "dimension %d of input '%s' is %d; export the model anew"
                .formatted(axis, input.getName(), dim.getDimValue()));
      }
      return Dim.of(dim.getDimValue());
    }
    String symbol = symbol(input, dim, axis);
    Dim known = symbols.get(symbol);
    if (known == null || known.max() == Dim.UNBOUNDED) {
      open.add("dimension " + axis + " of '" + input.getName() + "', " + symbol);
      return Dim.symbol(symbol, 1, Dim.UNBOUNDED);
    }
    return known;
  }

  private static String symbol(ValueInfoMessage input, DimensionMessage dim, int axis) {
    return dim.getDimParam().isEmpty() ? input.getName() + "_" + axis : dim.getDimParam();
  }

  private static DType dtype(ValueInfoMessage input) {
    if (!input.hasType() || !input.getType().hasTensorType()) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "input '%s' is not a tensor, which is not supported; wrap the model in one that takes tensors"
              .formatted(input.getName()));
    }
    return ElementTypes.dtype(
        input.getType().getTensorType().getElemType(), "input '" + input.getName() + "'");
  }

  private static ModelException usage(String problem) {
    return new ModelException(ModelException.Kind.USAGE, problem);
  }
}
