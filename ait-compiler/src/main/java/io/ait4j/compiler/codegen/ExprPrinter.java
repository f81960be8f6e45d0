package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.BinaryOp;
import io.ait4j.compiler.ir.DataIndex;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.Halves;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Prints expressions as statements that each name one value, so that a shared subexpression is
 * computed once. Scopes follow the blocks of the text: what was named in an enclosing one is used,
 * what is named in an inner one is forgotten at its end.
 */
public final class ExprPrinter {
  /**
   * What has a name in a block: values, and data-dependent indices after their check, by the value
   * they were made of.
   */
  private static final class Scope {
    private final Map<Expr, String> values = new IdentityHashMap<>();
    private final Map<Expr, String> indices = new IdentityHashMap<>();
  }

  private final CodeWriter out;
  private final Map<String, String> pointers;
  private final SymbolScope graphSymbols;
  private final Map<String, String> symbols = new HashMap<>();
  private final Deque<Scope> scopes = new ArrayDeque<>();
  private Function<Dim, String> coefficients; // null: as they are
  private String accumulator = "";
  private String indexType = "int64_t";
  private int names;

  /**
   * @param pointers the C++ name of each buffer's pointer
   * @param graphSymbols those declared where expressions are printed
   */
  public ExprPrinter(CodeWriter out, Map<String, String> pointers, SymbolScope graphSymbols) {
    this.out = out;
    this.pointers = pointers;
    this.graphSymbols = graphSymbols;
    scopes.push(new Scope());
  }

  public void accumulator(String text) {
    accumulator = text;
  }

  /** Declares places read from data with this type from now on. */
  public void indexType(String type) {
    indexType = type;
  }

  /** Spells the factors in addresses by this function from now on. */
  public void coefficients(Function<Dim, String> spelling) {
    coefficients = spelling;
  }

  public void push() {
    scopes.push(new Scope());
  }

  public void pop() {
    scopes.pop();
  }

  /**
   * The C++ name of a symbol: its own choice at first sight, in order, so that equal kernels print
   * equally.
   */
  public String name(Dim.Symbol symbol) {
    return symbol.extent() == null
        ? graphSymbols.name(symbol)
        : symbols.computeIfAbsent(symbol.name(), k -> "x" + symbols.size());
  }

  /** Lets a symbol be spelled {@code text}. */
  public void bind(Dim.Symbol symbol, String text) {
    symbols.put(symbol.name(), text);
  }

  public String fresh(String stem) {
    return stem + names++;
  }

  public String index(Dim dim) {
    return coefficients == null
        ? Cpp.index(dim, this::name)
        : Cpp.index(dim, this::name, coefficients);
  }

  public String pointer(String buffer) {
    return pointers.get(buffer);
  }

  /** An element in memory, to be read or assigned. */
  public String element(String buffer, Dim address, DType dtype) {
    return pointer(buffer) + "[" + index(address) + "]" + (Halves.isHalf(dtype) ? ".bits" : "");
  }

  /** Says that {@code expr} has been computed into {@code name}. */
  public void define(Expr expr, String name) {
    scopes.peek().values.put(expr, name);
  }

  private String known(Expr expr) {
    for (Scope scope : scopes) {
      String name = scope.values.get(expr);
      if (name != null) {
        return name;
      }
    }
    return null;
  }

  /**
   * Prints what of {@code expr} does not depend on the inner loop, in front of it. Branches that
   * may not be evaluated are left alone.
   */
  public void hoist(Expr expr, Predicate<Expr> invariant) {
    if (invariant.test(expr)) {
      if (!(expr instanceof Expr.Literal)) {
        print(expr);
      }
      return;
    }
    switch (expr) {
      case Expr.Unary u -> hoist(u.operand(), invariant);
      case Expr.Binary b -> {
        hoist(b.left(), invariant);
        hoist(b.right(), invariant);
      }
      case Expr.Select s -> {
        hoist(s.condition(), invariant);
        if (!s.guard()) {
          hoist(s.then(), invariant);
        }
        hoist(s.otherwise(), invariant);
      }
      case Expr.Cast c -> hoist(c.operand(), invariant);
      case Expr.Load load ->
          load.bindings()
              .forEach(
                  (symbol, value) -> {
                    if (invariant.test(value)) {
                      checkedIndex(symbol, value);
                    }
                  });
      case Expr leaf -> {}
    }
  }

  /** Prints the statements that compute {@code expr}; the result is a name or a literal. */
  public String print(Expr expr) {
    String known = known(expr);
    if (known != null) {
      return known;
    }
    String name =
        switch (expr) {
          case Expr.Literal literal -> Cpp.literal(literal);
          case Expr.Accumulator a -> accumulator;
          case Expr.Select s when s.guard() -> guarded(s);
          case Expr other -> {
            String text = text(other);
            String fresh = fresh("e");
            out.line("const " + Cpp.value(other.dtype()) + " " + fresh + " = " + text + ";");
            yield fresh;
          }
        };
    define(expr, name);
    return name;
  }

  private String guarded(Expr.Select s) {
    String condition = print(s.condition());
    String otherwise = print(s.otherwise());
    String name = fresh("e");
    out.line(Cpp.value(s.dtype()) + " " + name + " = " + otherwise + ";");
    out.open("if (" + condition + ")");
    push();
    out.line(name + " = " + print(s.then()) + ";");
    pop();
    out.close();
    return name;
  }

  /** Gives the places that {@code load} reads from data their names, checked. */
  public void bindings(Expr.Load load) {
    load.bindings()
        .forEach((symbol, value) -> symbols.put(symbol.name(), checkedIndex(symbol, value)));
  }

  /**
   * What must hold for there to be anything to read at places read from data: where their axes may
   * be empty, no place is one, not even that which stands for those that failed their check.
   */
  public List<String> exists(Expr.Load load) {
    return load.bindings().keySet().stream()
        .map(Dim.Symbol::extent)
        .filter(extent -> extent.min() < 1)
        .distinct()
        .map(extent -> index(extent) + " > 0")
        .toList();
  }

  private String text(Expr expr) {
    return switch (expr) {
      case Expr.Load load -> {
        bindings(load);
        String element = element(load.buffer(), load.index().getFirst(), load.dtype());
        String exists = String.join(" && ", exists(load));
        String value = exists.isEmpty() ? element : "(" + exists + " ? " + element + " : 0)";
        yield load.dtype() == DType.BOOL ? value + " != 0" : value;
      }
      case Expr.Index i -> index(i.value());
      case Expr.Unary u when isRounded(u) -> print(u.operand());
      case Expr.Unary u ->
          "ait::op_" + u.op().name().toLowerCase(Locale.ROOT) + "(" + print(u.operand()) + ")";
      case Expr.Binary b -> binary(b);
      case Expr.Select s ->
          print(s.condition()) + " ? " + print(s.then()) + " : " + print(s.otherwise());
      case Expr.Cast c -> cast(c);
      case Expr.Reduce r -> throw new IllegalStateException("a reduction is printed by its loop");
      case Expr.Literal l -> Cpp.literal(l);
      case Expr.Accumulator a -> accumulator;
    };
  }

  /** Whether rounding to a half type changes nothing: the number has just been read from one. */
  private static boolean isRounded(Expr.Unary u) {
    return u.operand() instanceof Expr.Cast c && c.operand().dtype() == u.op().rounds();
  }

  private String cast(Expr.Cast c) {
    if (c.operand() instanceof Expr.Unary u && u.op().rounds() == c.dtype()) {
      return cast(new Expr.Cast(c.dtype(), u.operand())); // it is about to be rounded
    }
    String x = print(c.operand());
    DType from = c.operand().dtype();
    if (Halves.isHalf(from)) {
      return "ait::" + from.torchName() + "_value(" + x + ")";
    }
    return switch (c.dtype()) {
      case BOOL -> x + " != 0";
      case FLOAT16, BFLOAT16 -> "ait::" + c.dtype().torchName() + "_bits(" + x + ")";
      case INT8, INT16, UINT8 -> // what does not fit wraps, on every target
          "static_cast<"
              + Cpp.value(c.dtype())
              + ">("
              + (from.isFloating() ? "static_cast<int32_t>(" + x + ")" : x)
              + ")";
      case DType other -> "static_cast<" + Cpp.value(other) + ">(" + x + ")";
    };
  }

  private String binary(Expr.Binary b) {
    String l = print(b.left());
    String r = print(b.right());
    String infix = infix(b.op(), b.left().dtype());
    return infix != null
        ? l + " " + infix + " " + r
        : "ait::op_" + b.op().name().toLowerCase(Locale.ROOT) + "(" + l + ", " + r + ")";
  }

  private static String infix(BinaryOp op, DType dtype) {
    boolean floating = dtype.isFloating();
    return switch (op) {
      case ADD -> floating ? "+" : null;
      case SUB -> floating ? "-" : null;
      case MUL -> floating ? "*" : null;
      case DIV -> floating ? "/" : null;
      case AND -> dtype == DType.BOOL ? "&&" : "&";
      case OR -> dtype == DType.BOOL ? "||" : "|";
      case XOR -> dtype == DType.BOOL ? "!=" : "^";
      case EQ -> "==";
      case NE -> "!=";
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
      case POW,
          MAX,
          MIN,
          FMOD,
          REMAINDER,
          FLOOR_DIV,
          TRUNC_DIV,
          ATAN2,
          SHIFT_LEFT,
          SHIFT_RIGHT,
          HYPOT,
          COPY_SIGN,
          NEXT_AFTER,
          GCD,
          LCM ->
          null;
    };
  }

  /**
   * A data-dependent index, checked against its bounds: outside, the run fails and element 0 is
   * read.
   */
  private String checkedIndex(Dim.Symbol symbol, Expr value) {
    String known = knownIndex(value);
    if (known != null) {
      return known;
    }
    String raw = print(value);
    String name = fresh("at");
    out.line(
        "const "
            + indexType
            + " "
            + name
            + " = ait::checked_index(cx, \""
            + DataIndex.operator(symbol)
            + "\", "
            + raw
            + ", "
            + index(symbol.extent())
            + ");");
    scopes.peek().indices.put(value, name);
    return name;
  }

  /**
   * Whether printing {@code expr} here checks an index, which a vector cannot: one whose check has
   * been printed before the loop is harmless.
   */
  public boolean checks(Expr expr) {
    return expr.loads().stream()
        .flatMap(load -> load.bindings().values().stream())
        .anyMatch(value -> knownIndex(value) == null);
  }

  private String knownIndex(Expr key) {
    for (Scope scope : scopes) {
      String name = scope.indices.get(key);
      if (name != null) {
        return name;
      }
    }
    return null;
  }
}
