package io.ait4j.fx.export;

import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program's conditions on its inputs, which the file has as Python. */
final class GuardCode {
  private final ExportedProgram program;
  private final Symbols symbols;
  private final Map<String, TensorType> tensors = new LinkedHashMap<>();
  private final List<String> flat = new ArrayList<>();

  GuardCode(ExportedProgram program, Symbols symbols) {
    this.program = program;
    this.symbols = symbols;
    for (ProgramInput input : program.inputs()) {
      if (input instanceof ProgramInput.User(Argument value)) {
        String name = value instanceof Argument.Reference(Argument.Kind k, String n) ? n : "";
        flat.add(plain(name));
        TensorType type = program.graph().tensors().get(name);
        if (type != null) {
          tensors.put(plain(name), type);
        }
      }
    }
  }

  /**
   * What the sizes have to fulfil. Conditions on inputs that are no tensors are left out: their
   * values are part of the program.
   *
   * @throws ModelException (IMPORT) for a condition on sizes that is not understood; (USAGE) for
   *     one that no size that the caller allows fulfils
   */
  List<Guard> guards() {
    List<Guard> guards = new ArrayList<>();
    for (String code : program.guards()) {
      guards.addAll(guards(code));
    }
    return guards;
  }

  private List<Guard> guards(String code) {
    List<Guard> found;
    try {
      Optional<SymbolicText> condition = PythonExpression.parse(code, this::property);
      if (condition.isEmpty()) {
        return List.of();
      }
      found = SymbolicConditions.guards(condition.get(), true, symbols, "a guard of the export");
    } catch (SymbolicText.Malformed | ArithmeticException | IllegalArgumentException e) {
      if (!isDynamic()) {
        return List.of();
      }
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the program has a condition on its inputs that cannot be read here, '%s': %s; export it with static sizes"
              .formatted(code, e.getMessage()),
          e);
    }
    if (found.stream().anyMatch(g -> SymbolicConditions.decided(g) == Boolean.FALSE)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the program was exported for inputs with %s, which those given never fulfil"
              .formatted(code));
    }
    return found;
  }

  private boolean isDynamic() {
    return tensors.values().stream()
        .anyMatch(t -> t.sizes().stream().anyMatch(s -> s instanceof Size.Expression));
  }

  /** A size or stride of an input; null if it is of something else than a tensor. */
  private SymbolicText property(List<String> path, String property, int index) {
    TensorType type = tensors.get(plain(String.join("_", path)));
    if (type == null && path.size() == 2 && path.getFirst().equals("flat_args")) {
      int place = Integer.parseInt(path.get(1));
      type = place < flat.size() ? tensors.get(flat.get(place)) : null;
    }
    if (type == null) {
      return null;
    }
    List<Size> sizes =
        switch (property) {
          case "size", "shape" -> type.sizes();
          case "stride" -> type.strides();
          case "storage_offset" -> List.of(type.storageOffset());
          case "dim" -> List.of(new Size.Known(type.sizes().size()));
          default -> throw new SymbolicText.Malformed(property + " is not known");
        };
    if (index < 0 || index >= sizes.size()) {
      throw new SymbolicText.Malformed("there is no dimension " + index);
    }
    return switch (sizes.get(index)) {
      case Size.Known(long n) -> new SymbolicText.Number(n, 1);
      case Size.Expression(String text) -> Symbols.parse(text);
    };
  }

  /** A name as inputs of the graph are called. */
  private static String plain(String name) {
    return name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }
}
