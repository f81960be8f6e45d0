package io.ait4j.fx.torchscript;

import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A graph as TorchScript prints it, read beside the graph itself for what JavaCPP cannot hand over:
 * string attributes and source positions, which it returns as pointers into freed memory.
 */
final class JitText {
  /**
   * @param name the attribute {@code name}, empty if there is none
   * @param source {@code file.py:12}, empty if not recorded
   */
  record Line(String name, String source) {}

  private static final Pattern NODE =
      Pattern.compile("^ +(?:(?:%.*)? ?= )?([A-Za-z_0-9]+::\\w+)[\\[(].*");
  private static final Pattern NAME = Pattern.compile("::\\w+\\[name=\"([^\"]*)\"");
  private static final Pattern SOURCE = Pattern.compile(" # (.+):(\\d+):\\d+$");

  private final Iterator<String> lines;

  JitText(String text) {
    lines = text.lines().iterator();
  }

  /** The next node, which must be of this kind; nodes come with their blocks' nodes after them. */
  Line next(String kind) {
    while (lines.hasNext()) {
      String line = lines.next();
      Matcher node = NODE.matcher(line);
      if (node.matches()) {
        if (!node.group(1).equals(kind)) {
          throw new IllegalStateException("expected " + kind + " in '" + line.strip() + "'");
        }
        Matcher name = NAME.matcher(line);
        Matcher source = SOURCE.matcher(line);
        return new Line(
            name.find() ? name.group(1) : "",
            source.find() ? source.group(1) + ":" + source.group(2) : "");
      }
    }
    throw new IllegalStateException("TorchScript's text ends before " + kind);
  }
}
