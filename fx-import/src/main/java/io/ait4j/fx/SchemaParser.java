package io.ait4j.fx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one schema in the notation of libtorch's {@code FunctionSchema}. */
final class SchemaParser {
  private final String text;
  private int at;

  SchemaParser(String text) {
    this.text = text;
  }

  OperatorSchema schema() {
    int open = text.indexOf('(');
    if (open < 0) {
      throw bad("'('");
    }
    OpTarget target = OpTarget.parse(text.substring(0, open));
    at = open + 1;
    List<OperatorSchema.Parameter> parameters = new ArrayList<>();
    boolean variadic = false;
    boolean keywordOnly = false;
    skipSpace();
    while (!accept(")")) {
      if (accept("...")) {
        variadic = true;
      } else if (accept("*")) {
        keywordOnly = true;
      } else {
        parameters.add(parameter(keywordOnly));
      }
      accept(",");
      skipSpace();
    }
    skipSpace();
    if (!accept("->")) {
      throw bad("'->'");
    }
    return new OperatorSchema(target, parameters, returns(), variadic);
  }

  private List<SchemaType> returns() {
    skipSpace();
    List<SchemaType> types = new ArrayList<>();
    if (accept("...")) {
      return types;
    }
    if (!accept("(")) {
      types.add(type());
      return types;
    }
    while (!accept(")")) {
      types.add(type());
      skipSpace();
      if (peek() != ',' && peek() != ')') {
        word();
      }
      accept(",");
      skipSpace();
    }
    return types;
  }

  private OperatorSchema.Parameter parameter(boolean keywordOnly) {
    SchemaType type = type();
    skipSpace();
    String name = peek() == ',' || peek() == ')' ? "" : word();
    if (!accept("=")) {
      return new OperatorSchema.Parameter(name, type, Optional.empty(), keywordOnly);
    }
    Arg raw = constant();
    Arg value = type.coerce(raw).orElse(raw);
    return new OperatorSchema.Parameter(name, type, Optional.of(value), keywordOnly);
  }

  private SchemaType type() {
    skipSpace();
    String base = peek() == '(' ? balanced() : word();
    if (peek() == '(' && isContainer(base)) {
      base += balanced();
    }
    String alias = "";
    int lists = 0;
    int length = 0;
    boolean optional = false;
    boolean optionalElements = false;
    while (true) {
      if (peek() == '(') {
        alias = balanced();
      } else if (accept("[")) {
        int close = text.indexOf(']', at);
        String inside = text.substring(at, close);
        at = close + 1;
        length = inside.isEmpty() ? 0 : Integer.parseInt(inside);
        lists++;
        optionalElements = optional;
        optional = false;
      } else if (accept("?")) {
        optional = true;
      } else {
        break;
      }
    }
    boolean written = alias.contains("!");
    String set = alias.replaceAll("[()! ]", "").replaceAll("->.*", "");
    return new SchemaType(base, lists, length, optional, optionalElements, set, written);
  }

  private static boolean isContainer(String base) {
    return switch (base) {
      case "Dict", "Future", "Await", "RRef", "List", "Tuple", "Union", "Optional" -> true;
      default -> false;
    };
  }

  private Arg constant() {
    if (accept("[")) {
      List<Arg> elements = new ArrayList<>();
      skipSpace();
      while (!accept("]")) {
        elements.add(constant());
        accept(",");
        skipSpace();
      }
      return new Arg.Sequence(elements);
    }
    if (accept("\"")) {
      return string();
    }
    int from = at;
    while (at < text.length() && ",)]".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String token = text.substring(from, at).strip();
    return switch (token) {
      case "None" -> Arg.NONE;
      case "True" -> new Arg.Bool(true);
      case "False" -> new Arg.Bool(false);
      case "strided" -> new Arg.Layout(token);
      case "contiguous_format", "preserve_format", "channels_last" -> new Arg.MemoryFormat(token);
      default -> {
        if (token.matches("-?[0-9]+")) {
          yield new Arg.Int(Long.parseLong(token));
        }
        try {
          yield new Arg.Float(Double.parseDouble(token));
        } catch (NumberFormatException e) {
          throw bad("a constant, got '" + token + "'");
        }
      }
    };
  }

  private Arg string() {
    StringBuilder value = new StringBuilder();
    for (char c; (c = text.charAt(at++)) != '"'; ) {
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      value.append(
          switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'f' -> '\f';
            case 'v' -> '\013';
            default -> escaped;
          });
    }
    return new Arg.Str(value.toString());
  }

  private String balanced() {
    int from = at;
    int depth = 0;
    do {
      depth += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
      at++;
    } while (depth > 0);
    return text.substring(from, at);
  }

  private String word() {
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_.".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    if (from == at) {
      throw bad("a word");
    }
    return text.substring(from, at);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean accept(String token) {
    if (!text.startsWith(token, at)) {
      return false;
    }
    at += token.length();
    return true;
  }

  private void skipSpace() {
    while (peek() == ' ') {
      at++;
    }
  }

  private IllegalArgumentException bad(String wanted) {
    return new IllegalArgumentException(
        "schema '" + text + "': " + wanted + " expected at position " + at);
  }
}
