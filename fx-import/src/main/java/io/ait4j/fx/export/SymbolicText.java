package io.ait4j.fx.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An expression as sympy's {@code srepr} writes it: {@code Mul(Integer(2), Symbol('s0'))}. */
sealed interface SymbolicText {
  record Number(long numerator, long denominator) implements SymbolicText {}

  /**
   * @param positive whether it is known to be above 0
   */
  record Name(String name, boolean positive) implements SymbolicText {}

  record Truth(boolean value) implements SymbolicText {}

  record Call(String function, List<SymbolicText> args) implements SymbolicText {
    public Call {
      args = List.copyOf(args);
    }
  }

  /** What is wrong with a text. */
  final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** Throws {@link Malformed} if the text is no such expression. */
  static SymbolicText parse(String text) {
    return new Parser(text).whole();
  }

  default void collectNames(Set<String> found) {
    switch (this) {
      case Name(String name, boolean positive) -> found.add(name);
      case Call(String function, List<SymbolicText> args) ->
          args.forEach(a -> a.collectNames(found));
      case SymbolicText other -> {}
    }
  }

  /** A recursive-descent parser of the little that occurs: names, calls, numbers, strings. */
  final class Parser {
    private static final int DEEPEST = 200;

    private final String text;
    private int at;
    private int depth;

    private Parser(String text) {
      this.text = text;
    }

    private SymbolicText whole() {
      SymbolicText result = expression();
      space();
      if (at < text.length()) {
        throw malformed();
      }
      return result;
    }

    private SymbolicText expression() {
      if (++depth > DEEPEST) {
        throw new Malformed("the expression nests too deep");
      }
      space();
      if (at < text.length() && (text.charAt(at) == '-' || Character.isDigit(text.charAt(at)))) {
        depth--;
        return new Number(integer(), 1);
      }
      String name = word();
      SymbolicText result =
          switch (name) {
            case "true", "True", "BooleanTrue" -> noArguments(new Truth(true));
            case "false", "False", "BooleanFalse" -> noArguments(new Truth(false));
            case "Symbol", "Dummy" -> symbol();
            case "Integer" -> {
              open();
              long value = integer();
              close();
              yield new Number(value, 1);
            }
            case "Rational" -> rational();
            case "Float" ->
                throw new Malformed("it has a number that is no fraction, in '" + text + "'");
            default -> new Call(name, arguments());
          };
      depth--;
      return result;
    }

    private SymbolicText noArguments(SymbolicText value) {
      space();
      if (at < text.length() && text.charAt(at) == '(') {
        open();
        close();
      }
      return value;
    }

    private List<SymbolicText> arguments() {
      open();
      List<SymbolicText> args = new ArrayList<>();
      while (!closes()) {
        if (!args.isEmpty()) {
          comma();
        }
        args.add(expression());
      }
      close();
      return args;
    }

    /** The quoted name, then what is assumed of it: {@code positive=True, integer=True}. */
    private SymbolicText symbol() {
      open();
      space();
      char quote = at < text.length() ? text.charAt(at) : 0;
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end <= at + 1) {
        throw malformed();
      }
      String name = text.substring(at + 1, end);
      at = end + 1;
      boolean positive = false;
      while (!closes()) {
        comma();
        String assumption = word();
        expect('=');
        String value = word();
        positive |= assumption.equals("positive") && value.equals("True");
      }
      close();
      return new Name(name, positive);
    }

    private SymbolicText rational() {
      open();
      long numerator = integer();
      comma();
      long denominator = integer();
      close();
      if (denominator <= 0) {
        throw malformed();
      }
      return new Number(numerator, denominator);
    }

    private long integer() {
      space();
      int from = at;
      if (at < text.length() && text.charAt(at) == '-') {
        at++;
      }
      while (at < text.length() && Character.isDigit(text.charAt(at))) {
        at++;
      }
      try {
        return Long.parseLong(text, from, at, 10);
      } catch (NumberFormatException e) {
        throw malformed();
      }
    }

    private String word() {
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

    private boolean closes() {
      space();
      return at < text.length() && text.charAt(at) == ')';
    }

    private void open() {
      expect('(');
    }

    private void close() {
      expect(')');
    }

    private void comma() {
      expect(',');
    }

    private void expect(char c) {
      space();
      if (at >= text.length() || text.charAt(at) != c) {
        throw malformed();
      }
      at++;
    }

    private void space() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }

    private Malformed malformed() {
      return new Malformed("it is not understood from character " + at + " on, in '" + text + "'");
    }
  }
}
