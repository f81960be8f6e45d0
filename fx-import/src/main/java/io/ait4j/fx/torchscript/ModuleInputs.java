package io.ait4j.fx.torchscript;

import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives the parameters of {@code forward} the inputs that the user described; tuples and lists of
 * tensors take theirs one after the other.
 */
final class ModuleInputs {
  private final Context context;
  private final Memory memory;
  private final List<TensorRef> tensors = new ArrayList<>();

  ModuleInputs(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
  }

  /**
   * @param defaults of the parameters, null where there is none
   */
  List<JitValue> bind(JitGraph forward, List<JitValue> defaults, List<InputSpec> specs) {
    List<JitPort> ports = forward.inputs().subList(1, forward.inputs().size());
    List<String> names = ports.stream().map(p -> plainName(p.name())).toList();
    List<InputSpec> positional = new ArrayList<>();
    InputSpec[] given = new InputSpec[ports.size()];
    Set<String> unknown = new HashSet<>();
    for (InputSpec spec : specs) {
      int at = spec.name() == null ? -1 : names.indexOf(spec.name());
      if (at >= 0 && given[at] == null) {
        given[at] = spec;
      } else if (spec.name() == null) {
        positional.add(spec);
      } else {
        unknown.add(spec.name());
      }
    }
    if (!unknown.isEmpty()) {
      throw usage("the model has no input " + unknown, ports, names, specs);
    }
    List<JitValue> args = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      String type = ports.get(i).type();
      String name = names.get(i);
      boolean isTensor = type.equals("Tensor") || type.equals("Tensor?");
      if (isTensor && (given[i] != null || !positional.isEmpty())) {
        args.add(tensor(name, given[i] != null ? given[i] : positional.removeFirst()));
        continue;
      }
      int tensors = given[i] != null ? -1 : tensors(type, positional.size());
      if (tensors >= 0 && !(positional.isEmpty() && defaults.get(i) != null)) {
        if (tensors > positional.size()) {
          throw usage("input '" + name + "' wants " + tensors + " tensors", ports, names, specs);
        }
        List<JitValue> elements = new ArrayList<>();
        for (int k = 0; k < tensors; k++) {
          elements.add(tensor(name + "_" + k, positional.removeFirst()));
        }
        args.add(
            type.startsWith("(")
                ? new JitValue.Tuple(elements)
                : new JitValue.Items(elements, context.level()));
        continue;
      }
      if (given[i] != null || defaults.get(i) == null && !type.endsWith("?")) {
        throw usage(
            isTensor
                ? "input '" + name + "' is not given"
                : "input '"
                    + name
                    + "' is a "
                    + type
                    + ", and only tensors, tuples and lists of them can be inputs; give it a"
                    + " default, or wrap the model in one that sets it",
            ports,
            names,
            specs);
      }
      args.add(defaults.get(i) == null ? JitValue.NONE : defaults.get(i));
    }
    if (!positional.isEmpty()) {
      throw usage("there are more inputs than it takes", ports, names, specs);
    }
    return args;
  }

  /** The caller's tensors, in the graph's order. */
  List<TensorRef> tensors() {
    return tensors;
  }

  private JitValue tensor(String name, InputSpec spec) {
    TensorRef ref =
        memory.owned(Storage.Owner.READER, name, context.builder().input(name, spec.meta()));
    tensors.add(ref);
    return new JitValue.Tensor(ref);
  }

  /** How many tensors a parameter of this type takes; a list takes all that are left. */
  private static int tensors(String type, int left) {
    if (type.equals("Tensor[]")) {
      return left;
    }
    return type.matches("\\((Tensor, )*Tensor\\)\\??") ? type.split(",").length : -1;
  }

  /** TorchScript numbers its values: {@code x.1}. */
  private static String plainName(String debugName) {
    int dot = debugName.lastIndexOf('.');
    return dot > 0 && debugName.substring(dot + 1).chars().allMatch(Character::isDigit)
        ? debugName.substring(0, dot)
        : debugName;
  }

  private static ModelException usage(
      String problem, List<JitPort> ports, List<String> names, List<InputSpec> specs) {
    List<String> takes = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      takes.add(names.get(i) + ": " + ports.get(i).type());
    }
    return new ModelException(
        ModelException.Kind.USAGE,
        "%s; the model takes %d (%s), given are %d (%s)"
            .formatted(
                problem,
                ports.size(),
                String.join(", ", takes),
                specs.size(),
                specs.stream()
                    .map(s -> (s.name() == null ? "" : s.name() + ": ") + s.meta())
                    .collect(Collectors.joining(", "))));
  }
}
