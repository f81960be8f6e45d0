package io.ait4j.fx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signature of an operator: {@code aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1)
 * -> Tensor}.
 *
 * @param target the operator's name
 * @param parameters in order, the keyword-only ones included
 * @param returns the types of the results, in order
 * @param variadic whether any number of further arguments may follow
 */
public record OperatorSchema(
    OpTarget target, List<Parameter> parameters, List<SchemaType> returns, boolean variadic) {

  /**
   * @param name by which a keyword argument is given
   * @param type what is accepted
   * @param defaultValue empty if the argument must be given
   * @param keywordOnly whether it stands after {@code *}
   */
  public record Parameter(
      String name, SchemaType type, Optional<Arg> defaultValue, boolean keywordOnly) {}

  public OperatorSchema {
    parameters = List.copyOf(parameters);
    returns = List.copyOf(returns);
  }

  /**
   * Parses the text that libtorch prints. Throws {@link IllegalArgumentException} if it is none.
   */
  public static OperatorSchema parse(String text) {
    return new SchemaParser(text).schema();
  }

  /** Position of the parameter with this name, -1 if there is none. */
  public int indexOf(String parameter) {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equals(parameter)) {
        return i;
      }
    }
    return -1;
  }

  /** True if some parameter is written by the operator. */
  public boolean mutates() {
    return parameters.stream().anyMatch(p -> p.type().written());
  }

  /** All arguments in schema order, each in the form its type wants, defaults filled in. */
  public List<Arg> match(List<Arg> positional) {
    return match(positional, Map.of());
  }

  /**
   * All arguments in schema order, each in the form its type wants, defaults filled in.
   *
   * @throws ModelException (IMPORT) naming the operator and the argument that is missing, unknown,
   *     superfluous or of a wrong type
   */
  public List<Arg> match(List<Arg> positional, Map<String, Arg> keywords) {
    Map<String, Arg> left = new LinkedHashMap<>(keywords);
    List<Arg> complete = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Arg given = i < positional.size() ? positional.get(i) : left.remove(parameter.name());
      if (given == null) {
        complete.add(
            parameter
                .defaultValue()
                .orElseThrow(() -> bad("misses its argument '" + parameter.name() + "'")));
      } else {
        complete.add(
            parameter
                .type()
                .coerce(given)
                .orElseThrow(
                    () ->
                        bad(
                            "got %s for its argument '%s', which wants %s"
                                .formatted(
                                    FxPrinter.arg(given), parameter.name(), parameter.type()))));
      }
    }
    if (!left.isEmpty()) {
      throw bad("has no argument '" + left.keySet().iterator().next() + "'");
    }
    if (positional.size() > parameters.size()) {
      if (!variadic) {
        throw bad("got " + positional.size() + " arguments and takes " + parameters.size());
      }
      complete.addAll(positional.subList(parameters.size(), positional.size()));
    }
    return complete;
  }

  private ModelException bad(String problem) {
    return new ModelException(
        ModelException.Kind.IMPORT, "operator " + target + " " + problem + "; its schema: " + this);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(target.toString()).append('(');
    boolean keywords = false;
    String separator = "";
    for (Parameter p : parameters) {
      text.append(separator);
      separator = ", ";
      if (p.keywordOnly() && !keywords) {
        text.append("*, ");
        keywords = true;
      }
      text.append(p.type()).append(' ').append(p.name());
      p.defaultValue().ifPresent(d -> text.append('=').append(FxPrinter.arg(d)));
    }
    text.append(variadic ? separator + "..." : "").append(") -> ");
    return returns.size() == 1
        ? text.append(returns.getFirst()).toString()
        : text.append(
                returns.stream()
                    .map(SchemaType::toString)
                    .collect(java.util.stream.Collectors.joining(", ", "(", ")")))
            .toString();
  }
}
