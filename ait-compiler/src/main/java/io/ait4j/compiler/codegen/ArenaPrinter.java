package io.ait4j.compiler.codegen;

import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.pass.ArenaPlan;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Map;

/**
 * Prints the memory plan: numbers where they are known, else a function {@code place} that computes
 * the offsets, {@code at[...]}, from the symbols, and yields -1 where they are beyond any memory.
 */
public final class ArenaPrinter {
  private final Schedule schedule;
  private final SymbolScope symbols;

  public ArenaPrinter(Schedule schedule) {
    this.schedule = schedule;
    symbols = SymbolScope.of(schedule.program(), "symbols");
  }

  /** Whether there is a function {@code place}. */
  public boolean print(CodeWriter out) {
    out.line("const int64_t fold_arena_bytes = " + schedule.foldArena().bytes(Map.of()) + ";");
    Program program = schedule.program();
    if (program.symbols().isEmpty()) {
      long bytes = schedule.runArena().bytes(Map.of());
      out.line("int64_t arena_bytes(const int64_t*) { return " + bytes + "; }");
      return false;
    }
    List<ArenaPlan.Place> places = List.copyOf(schedule.runArena().places().values());
    out.open("static int64_t place(const int64_t* symbols, int64_t* at)");
    symbols.declare(out);
    out.line("int64_t bytes = 0;");
    for (ArenaPlan.Place place : places) {
      if (!place.at().isConst()) {
        out.line(value(place.at()) + " = " + value(place.offset()) + ";");
      }
      out.line(
          "if (double("
              + value(place.at())
              + ") + "
              + estimate(place.bytes())
              + " > 0x1p62) return -1;");
      out.line("bytes = ait::index_max(bytes, " + value(place.at().plus(place.bytes())) + ");");
    }
    out.line("return bytes;");
    out.close();
    out.open("int64_t arena_bytes(const int64_t* symbols)");
    out.line("int64_t at[" + places.size() + " + 1];");
    out.line("return place(symbols, at);");
    out.close();
    return true;
  }

  /** A size as a double, which does not wrap. */
  private String estimate(Dim dim) {
    return Cpp.index(dim, s -> "double(" + symbols.name(s) + ")");
  }

  /** An offset or a size, where symbols are declared and {@code at} is the array of offsets. */
  public String value(Dim dim) {
    return Cpp.index(
        dim,
        s ->
            s.name().startsWith(ArenaPlan.PREFIX)
                ? "at[" + s.name().substring(ArenaPlan.PREFIX.length()) + "]"
                : symbols.name(s));
  }
}
