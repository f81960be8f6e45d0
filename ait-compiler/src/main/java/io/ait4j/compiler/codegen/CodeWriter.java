package io.ait4j.compiler.codegen;

/** Lines of C++ with indentation. */
public final class CodeWriter {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  public void line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** A line that begins a block, {@code for (...) } for example; the brace is added. */
  public void open(String head) {
    line(head.isEmpty() ? "{" : head + " {");
    depth++;
  }

  public void close() {
    close("");
  }

  public void close(String tail) {
    depth--;
    line("}" + tail);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
