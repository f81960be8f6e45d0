package io.ait4j.fx.export;

import io.ait4j.fx.Dim;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The symbols that the inputs' shapes determine, as the file and the caller bound them. */
final class InputSymbols {
  private final ExportedProgram program;
  private final Map<String, TensorType> inputs = new LinkedHashMap<>();
  private final Map<String, Dim> declared = new LinkedHashMap<>();
  private final Map<String, Dim> given = new HashMap<>();
  private final Map<String, Long> least = new HashMap<>();
  private final Map<String, Long> most = new HashMap<>();

  /** A size that the file has as an expression, and what the caller wants it to be. */
  private record Open(String input, TensorMeta wanted, int dimension, Size inFile) {}

  private final List<Open> open = new ArrayList<>();

  private InputSymbols(ExportedProgram program) {
    this.program = program;
    for (ProgramInput input : program.inputs()) {
      if (input instanceof ProgramInput.User(Argument.Reference(Argument.Kind kind, String name))
          && kind == Argument.Kind.TENSOR) {
        TensorType type = program.graph().tensors().get(name);
        if (type != null) {
          inputs.put(name, type);
          type.sizes().forEach(this::declare);
        }
      }
    }
  }

  /**
   * The program's symbols.
   *
   * @param specs what the caller says of inputs, by name or in order
   * @throws ModelException (USAGE) if the file has another input than the caller says
   */
  static Symbols of(ExportedProgram program, List<InputSpec> specs) {
    InputSymbols symbols = new InputSymbols(program);
    symbols.match(specs).forEach(symbols::narrow);
    symbols.open.forEach(symbols::settle);
    return new Symbols(symbols.values());
  }

  private void declare(Size size) {
    if (size instanceof Size.Expression(String text)) {
      declare(Symbols.parse(text));
    }
  }

  private void declare(SymbolicText expression) {
    switch (expression) {
      case SymbolicText.Name name ->
          declared.computeIfAbsent(name.name(), n -> Symbols.declared(name, program.bounds()));
      case SymbolicText.Call(String function, List<SymbolicText> args) ->
          args.forEach(this::declare);
      case SymbolicText other -> {}
    }
  }

  /** Which input each description is of. */
  private Map<String, TensorMeta> match(List<InputSpec> specs) {
    Map<String, TensorMeta> found = new LinkedHashMap<>();
    List<TensorMeta> unnamed = new ArrayList<>();
    for (InputSpec spec : specs) {
      if (spec.name() == null) {
        unnamed.add(spec.meta());
      } else if (!inputs.containsKey(spec.name())) {
        throw usage("the model has no input '" + spec.name() + "'");
      } else if (found.put(spec.name(), spec.meta()) != null) {
        throw usage("the input '" + spec.name() + "' is given twice");
      }
    }
    List<String> open = inputs.keySet().stream().filter(n -> !found.containsKey(n)).toList();
    if (unnamed.size() > open.size()) {
      throw usage(
          "%d inputs are given, and the model takes %d".formatted(specs.size(), inputs.size()));
    }
    for (int i = 0; i < unnamed.size(); i++) {
      found.put(open.get(i), unnamed.get(i));
    }
    return found;
  }

  private void narrow(String input, TensorMeta wanted) {
    TensorType type = inputs.get(input);
    if (type.dtype() != wanted.dtype() || type.sizes().size() != wanted.rank()) {
      throw contradiction(input, wanted, "");
    }
    for (int i = 0; i < wanted.rank(); i++) {
      Dim dim = wanted.shape().get(i);
      switch (type.sizes().get(i)) {
        case Size.Known(long value) -> {
          if (!dim.is(value)) {
            throw contradiction(
                input, wanted, ": dimension " + i + " is always " + value + " in the file");
          }
        }
        case Size.Expression(String text) -> {
          if (Symbols.parse(text) instanceof SymbolicText.Name(String name, boolean positive)) {
            narrow(input, wanted, name, dim);
          } else {
            open.add(new Open(input, wanted, i, type.sizes().get(i)));
          }
        }
      }
    }
  }

  /** A size of several terms: it follows from others, or is solved for the only open symbol. */
  private void settle(Open size) {
    Dim wanted = size.wanted().shape().get(size.dimension());
    Dim inFile =
        new Symbols(declared)
            .dim(size.inFile())
            .orElseThrow()
            .substitute(symbol -> given.get(symbol.name()));
    if (inFile.equals(wanted)) {
      return;
    }
    if (wanted.isConst() && inFile.symbols().size() == 1) {
      Dim.Symbol symbol = inFile.symbols().iterator().next();
      Dim factor = inFile.coefficient(symbol).orElse(Dim.ZERO);
      Dim rest = inFile.substitute(s -> Dim.ZERO);
      if (declared.containsKey(symbol.name())
          && factor.isConst()
          && !factor.is(0)
          && (wanted.value() - rest.value()) % factor.value() == 0) {
        long value = (wanted.value() - rest.value()) / factor.value();
        narrow(size.input(), size.wanted(), symbol.name(), Dim.of(value));
        return;
      }
    }
    throw contradiction(
        size.input(), size.wanted(), ": dimension " + size.dimension() + " is " + inFile);
  }

  private void narrow(String input, TensorMeta wanted, String symbol, Dim dim) {
    Dim old = declared.get(symbol);
    boolean isSymbol =
        dim.symbols().size() == 1 && dim.equals(Dim.of(dim.symbols().iterator().next()));
    if (!dim.isConst() && !isSymbol) {
      throw contradiction(input, wanted, ": a dimension is a number or a name");
    }
    if (dim.isConst() && (dim.value() < old.min() || dim.value() > old.max())) {
      throw contradiction(
          input, wanted, ": " + symbol + " is from " + old.min() + " to " + limit(old.max()));
    }
    Dim before = given.put(symbol, dim);
    if (before != null && !before.equals(dim)) {
      throw contradiction(
          input, wanted, ": " + before + " and " + dim + " are the same size in the file");
    }
    if (!dim.isConst()) {
      String name = dim.symbols().iterator().next().name();
      least.merge(name, Math.max(old.min(), dim.min()), Math::max);
      most.merge(name, Math.min(old.max(), dim.max()), Math::min);
      if (least.get(name) > most.get(name)) {
        throw contradiction(
            input, wanted, ": " + symbol + " is from " + old.min() + " to " + limit(old.max()));
      }
      if (declared.containsKey(name) && !name.equals(symbol)) {
        throw contradiction(input, wanted, ": " + name + " is another size in the file");
      }
    }
  }

  private static String limit(long max) {
    return max == Dim.UNBOUNDED ? "any size" : Long.toString(max);
  }

  private Map<String, Dim> values() {
    Map<String, Dim> values = new HashMap<>(declared);
    given.forEach(
        (symbol, dim) -> {
          if (dim.isConst()) {
            values.put(symbol, dim);
          } else {
            String name = dim.symbols().iterator().next().name();
            values.put(symbol, Dim.symbol(name, least.get(name), most.get(name)));
          }
        });
    return values;
  }

  private ModelException contradiction(String input, TensorMeta wanted, String why) {
    return usage(
        "the input '%s' is %s in the file, not %s%s"
            .formatted(input, shown(inputs.get(input)), wanted, why));
  }

  private String shown(TensorType type) {
    Symbols symbols = new Symbols(declared);
    return type.dtypeName()
        + type.sizes().stream()
            .map(s -> symbols.dim(s).map(Dim::toString).orElse("?"))
            .collect(java.util.stream.Collectors.joining(",", "[", "]"));
  }

  private ModelException usage(String problem) {
    List<String> takes =
        inputs.entrySet().stream().map(e -> e.getKey() + ": " + shown(e.getValue())).toList();
    return new ModelException(
        ModelException.Kind.USAGE,
        "%s; the model takes %d (%s)".formatted(problem, takes.size(), String.join(", ", takes)));
  }
}
