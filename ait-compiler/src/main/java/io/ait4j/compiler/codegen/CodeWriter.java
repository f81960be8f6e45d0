package io.ait4j.compiler.codegen;

/** Lines of C++ with indentation. */
final class CodeWriter {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  void line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** A line that begins a block, {@code for (...) } for example; the brace is added. */
  void open(String head) {
    line(head.isEmpty() ? "{" : head + " {");
    depth++;
  }

  void close() {
    close("");
  }

  void close(String tail) {
    depth--;
    line("}" + tail);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
