package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Sizes;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The graph's symbols in a function's text: {@code s0}, {@code s1}... They are declared anew in
 * each body that parallel work calls, so that the C++ compiler sees that no store changes them.
 *
 * @param symbols of the program, in its order
 * @param array where the function finds their values
 * @param used indices of those that the function may name
 */
public record SymbolScope(List<Dim.Symbol> symbols, String array, Set<Integer> used) {
  /** In a kernel's function: those that it depends on. */
  public static SymbolScope of(Program program, Kernel kernel) {
    Set<Integer> used = new TreeSet<>();
    Sizes.symbols(program, kernel).forEach(s -> used.add(program.symbols().indexOf(s)));
    return new SymbolScope(program.symbols(), "cx.symbols", used);
  }

  /** In a function of the whole program: all. */
  public static SymbolScope of(Program program, String array) {
    Set<Integer> all = new TreeSet<>();
    for (int i = 0; i < program.symbols().size(); i++) {
      all.add(i);
    }
    return new SymbolScope(program.symbols(), array, all);
  }

  public String name(Dim.Symbol symbol) {
    return "s" + symbols.indexOf(symbol);
  }

  /** A number of a run. */
  public String value(Dim dim) {
    return Cpp.index(dim, this::name);
  }

  public void declare(CodeWriter out) {
    used.forEach(i -> out.line("const int64_t s" + i + " = " + array + "[" + i + "];"));
  }
}
