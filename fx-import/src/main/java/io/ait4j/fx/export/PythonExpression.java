package io.ait4j.fx.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Conditions in Python as {@code torch.export} prints them: arithmetic, comparisons and functions
 * over {@code L['x'].size()[0]}.
 */
final class PythonExpression {
  private static final int DEEPEST = 100;

  /** Looks up properties of inputs. */
  @FunctionalInterface
  interface Inputs {
    /**
     * @param path the keys that lead to the input
     * @return null if it is no tensor
     */
    SymbolicText property(List<String> path, String property, int index);
  }

  /** Stops the parse: the condition is about something else than tensors. */
  private static final class NoTensor extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoTensor() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private final Inputs inputs;
  private int at;
  private int depth;

  private PythonExpression(String text, Inputs inputs) {
    this.text = text;
    this.inputs = inputs;
  }

  /**
   * Empty if it asks for something else than properties of tensors. Throws {@link
   * SymbolicText.Malformed} if it is not understood.
   */
  static Optional<SymbolicText> parse(String text, Inputs inputs) {
    PythonExpression parser = new PythonExpression(text, inputs);
    try {
      SymbolicText result = parser.either();
      parser.space();
      if (parser.at < text.length()) {
        throw parser.malformed();
      }
      return Optional.of(result);
    } catch (NoTensor e) {
      return Optional.empty();
    }
  }

  private SymbolicText either() {
    SymbolicText left = both();
    while (word("or")) {
      left = call("Or", left, both());
    }
    return left;
  }

  private SymbolicText both() {
    SymbolicText left = negation();
    while (word("and")) {
      left = call("And", left, negation());
    }
    return left;
  }

  private SymbolicText negation() {
    if (++depth > DEEPEST) {
      throw new SymbolicText.Malformed("it nests too deep");
    }
    SymbolicText result = word("not") ? call("Not", negation()) : comparison();
    depth--;
    return result;
  }

  /** Python chains them: {@code 2 <= a <= 8}. */
  private SymbolicText comparison() {
    SymbolicText left = sum();
    SymbolicText all = null;
    for (String function; (function = relation()) != null; ) {
      SymbolicText right = sum();
      SymbolicText one = call(function, left, right);
      all = all == null ? one : call("And", all, one);
      left = right;
    }
    return all == null ? left : all;
  }

  private String relation() {
    if (symbol("==")) {
      return "Eq";
    }
    if (symbol("!=")) {
      return "Ne";
    }
    if (symbol("<=")) {
      return "Le";
    }
    if (symbol(">=")) {
      return "Ge";
    }
    if (symbol("<")) {
      return "Lt";
    }
    return symbol(">") ? "Gt" : null;
  }

  private SymbolicText sum() {
    SymbolicText left = product();
    while (true) {
      if (symbol("+")) {
        left = call("Add", left, product());
      } else if (symbol("-")) {
        left = call("Add", left, negative(product()));
      } else {
        return left;
      }
    }
  }

  private SymbolicText product() {
    SymbolicText left = unary();
    while (true) {
      if (symbol("//")) {
        left = call("FloorDiv", left, unary());
      } else if (symbol("/")) {
        left = call("IntTrueDiv", left, unary());
      } else if (symbol("%")) {
        left = call("PythonMod", left, unary());
      } else if (!text.startsWith("**", at) && symbol("*")) {
        left = call("Mul", left, unary());
      } else {
        return left;
      }
    }
  }

  private SymbolicText unary() {
    if (++depth > DEEPEST) {
      throw new SymbolicText.Malformed("it nests too deep");
    }
    SymbolicText result = symbol("-") ? negative(unary()) : power();
    depth--;
    return result;
  }

  private SymbolicText power() {
    SymbolicText base = primary();
    return symbol("**") ? call("Pow", base, unary()) : base;
  }

  private SymbolicText primary() {
    space();
    if (symbol("(")) {
      SymbolicText inner = either();
      expect(")");
      return inner;
    }
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      return new SymbolicText.Number(integer(), 1);
    }
    String name = identifier();
    while (symbol(".")) {
      name = identifier(); // The module does not matter: math.floor, torch.sym_max.
    }
    if (name.equals("L")) {
      return input();
    }
    if (name.equals("True") || name.equals("False")) {
      return new SymbolicText.Truth(name.equals("True"));
    }
    expect("(");
    List<SymbolicText> args = new ArrayList<>();
    while (!symbol(")")) {
      if (!args.isEmpty()) {
        expect(",");
      }
      args.add(either());
    }
    return new SymbolicText.Call(function(name), args);
  }

  private static String function(String name) {
    return switch (name) {
      case "max", "sym_max" -> "Max";
      case "min", "sym_min" -> "Min";
      case "abs" -> "Abs";
      case "ceil" -> "ceiling";
      case "trunc" -> "TruncToInt";
      default -> name;
    };
  }

  /** {@code ['x'][0].size()[1]}, after the {@code L}. */
  private SymbolicText input() {
    List<String> path = new ArrayList<>();
    while (symbol("[")) {
      path.add(key());
      expect("]");
    }
    String property = "";
    while (symbol(".")) {
      property = identifier();
      if (symbol("(")) {
        expect(")");
        break;
      }
      if (property.equals("shape")) {
        break;
      }
      path.add(property); // A field of a dataclass.
      property = "";
    }
    int index = 0;
    if (symbol("[")) {
      index = (int) Math.min(integer(), Integer.MAX_VALUE);
      expect("]");
    }
    SymbolicText found = property.isEmpty() ? null : inputs.property(path, property, index);
    if (found == null) {
      throw new NoTensor();
    }
    return found;
  }

  private String key() {
    space();
    char quote = at < text.length() ? text.charAt(at) : 0;
    if (quote == '\'' || quote == '"') {
      int end = text.indexOf(quote, at + 1);
      if (end < 0) {
        throw malformed();
      }
      String key = text.substring(at + 1, end);
      at = end + 1;
      return key;
    }
    return Long.toString(integer());
  }

  private long integer() {
    space();
    int from = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    try {
      return Long.parseLong(text, from, at, 10);
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  private String identifier() {
    space();
    int from = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw malformed();
    }
    return text.substring(from, at);
  }

  private boolean word(String word) {
    space();
    int end = at + word.length();
    boolean found =
        text.startsWith(word, at)
            && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)));
    at = found ? end : at;
    return found;
  }

  private boolean symbol(String symbol) {
    space();
    boolean found = text.startsWith(symbol, at);
    at += found ? symbol.length() : 0;
    return found;
  }

  private void expect(String symbol) {
    if (!symbol(symbol)) {
      throw malformed();
    }
  }

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private static SymbolicText negative(SymbolicText value) {
    return call("Mul", new SymbolicText.Number(-1, 1), value);
  }

  private static SymbolicText call(String function, SymbolicText... args) {
    return new SymbolicText.Call(function, List.of(args));
  }

  private SymbolicText.Malformed malformed() {
    return new SymbolicText.Malformed("it is not understood from character " + at + " on");
  }
}
