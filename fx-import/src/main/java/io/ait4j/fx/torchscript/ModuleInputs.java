package io.ait4j.fx.torchscript;

import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives the parameters of {@code forward} the inputs that the user described. */
final class ModuleInputs {
  private final Context context;
  private final Memory memory;

  ModuleInputs(Context context, Memory memory) {
    this.context = context;
    this.memory = memory;
  }

  List<JitValue> bind(JitGraph forward, List<InputSpec> specs) {
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
      if (given[i] == null && positional.isEmpty()) {
        if (!ports.get(i).type().endsWith("?") && !ports.get(i).type().startsWith("Optional")) {
          throw usage("input '" + names.get(i) + "' is not given", ports, names, specs);
        }
        args.add(JitValue.NONE);
        continue;
      }
      if (!ports.get(i).type().startsWith("Tensor") && !ports.get(i).type().contains("[Tensor]")) {
        throw usage(
            "input '"
                + names.get(i)
                + "' is a "
                + ports.get(i).type()
                + ", and only tensors can be"
                + " inputs; wrap the model in one that sets it",
            ports,
            names,
            specs);
      }
      InputSpec spec = given[i] != null ? given[i] : positional.removeFirst();
      args.add(
          memory.owned(
              Storage.Owner.CALLER,
              names.get(i),
              context.builder().input(names.get(i), spec.meta())));
    }
    if (!positional.isEmpty()) {
      throw usage("there are more inputs than it takes", ports, names, specs);
    }
    return args;
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
