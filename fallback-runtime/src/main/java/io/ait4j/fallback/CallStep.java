package io.ait4j.fallback;

import java.util.List;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/**
 * Calls an operator.
 *
 * @param template its arguments, those filled in that are known when the module is made
 * @param fills the others
 * @param results slots of its results
 * @param unpacks whether the operator yields one list, whose elements are the results
 */
record CallStep(
    Kernel.Entry entry, IValueVector template, List<Fill> fills, int[] results, boolean unpacks)
    implements Step {
  /** An argument that is only known during a run. */
  record Fill(int argument, Operand operand) {}

  @Override
  public void run(Frame frame) {
    IValueVector stack = frame.stack();
    stack.put(template);
    for (Fill fill : fills) {
      fill.operand().with(frame, value -> stack.put(fill.argument(), value));
    }
    entry.call(stack);
    if (unpacks) {
      unpack(frame, stack);
    } else {
      for (int i = 0; i < results.length; i++) {
        frame.set(results[i], stack.get(i));
      }
    }
    stack.clear();
  }

  private void unpack(Frame frame, IValueVector stack) {
    try (GenericList list = stack.get(0).toList()) {
      if (list.size() != results.length) {
        throw new IllegalStateException(
            "it yields " + list.size() + " results where the graph has " + results.length);
      }
      for (int i = 0; i < results.length; i++) {
        try (IValue element = list.get(i)) {
          frame.set(results[i], element);
        }
      }
    }
  }
}
