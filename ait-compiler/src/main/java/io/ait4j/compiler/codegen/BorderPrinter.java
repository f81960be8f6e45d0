package io.ait4j.compiler.codegen;

import io.ait4j.compiler.build.CppLiteral;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints what a library takes and gives: its tables of symbols, inputs and outputs. */
public final class BorderPrinter {
  private final Program program;
  private final CodeWriter out;

  public BorderPrinter(Program program, CodeWriter out) {
    this.program = program;
    this.out = out;
  }

  public void print() {
    table("SymbolSpec", "symbols", program.symbols().stream().map(this::symbol).toList());
    tensors("input", program.inputs());
    tensors("output", program.outputs());
    out.open("void shape(const int64_t* symbols, TensorSpec* inputs, TensorSpec* outputs)");
    SymbolScope symbols = SymbolScope.of(program, "symbols");
    symbols.declare(out);
    shape("inputs", program.inputs(), symbols);
    shape("outputs", program.outputs(), symbols);
    out.close();
  }

  private void table(String type, String name, List<String> rows) {
    out.line(
        "const "
            + type
            + " "
            + name
            + "[] = {"
            + (rows.isEmpty() ? "{}" : String.join(", ", rows))
            + "};");
    out.line("const int64_t num_" + name + " = " + rows.size() + ";");
  }

  private String symbol(Dim.Symbol symbol) {
    Dim size = Dim.of(symbol);
    for (int i = 0; i < program.inputs().size(); i++) {
      int d = program.buffer(program.inputs().get(i)).shape().indexOf(size);
      if (d >= 0) {
        return symbol(symbol, i, d);
      }
    }
    return symbol(symbol, -1, -1);
  }

  private static String symbol(Dim.Symbol symbol, int input, int dim) {
    return String.format(
        "{%s, %s, %s, %d, %d}",
        CppLiteral.of(symbol.name()),
        Cpp.integer(symbol.min()),
        Cpp.integer(symbol.max()),
        input,
        dim);
  }

  private void tensors(String side, List<String> names) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Buffer b = program.buffer(names.get(i));
      rows.add(
          String.format(
              "{\"%s%d\", ait::%s, %d, {%s}, {%s}}",
              side, i, b.dtype(), b.shape().size(), known(b.shape()), known(b.strides())));
    }
    table("TensorSpec", side + "s", rows);
  }

  private static String known(List<Dim> dims) {
    return dims.stream()
        .map(d -> d.isConst() ? d.toString() : "-1")
        .collect(Collectors.joining(", "));
  }

  private void shape(String side, List<String> names, SymbolScope symbols) {
    for (int i = 0; i < names.size(); i++) {
      Buffer b = program.buffer(names.get(i));
      for (int d = 0; d < b.shape().size(); d++) {
        set(side + "[" + i + "].sizes[" + d + "]", b.shape().get(d), symbols);
        set(side + "[" + i + "].strides[" + d + "]", b.strides().get(d), symbols);
      }
    }
  }

  private void set(String field, Dim value, SymbolScope symbols) {
    if (!value.isConst()) {
      out.line(field + " = " + symbols.value(value) + ";");
    }
  }
}
