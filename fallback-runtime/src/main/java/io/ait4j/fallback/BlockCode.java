package io.ait4j.fallback;

import io.ait4j.fx.FxNode;
import io.ait4j.fx.ModelException;
import java.util.List;

/**
 * A graph or a block as steps.
 *
 * @param inputs slots of its inputs
 * @param outputs what it returns
 * @param unread slots of inputs that nothing reads
 * @param returned slots of values made here that it returns, to be dropped when these were moved on
 */
record BlockCode(
    int[] inputs, List<Entry> steps, List<Operand> outputs, int[] unread, int[] returned) {
  /** A step, the node it comes from, and the slots that are read for the last time in it. */
  record Entry(FxNode node, Step step, int[] dead) {}

  /** Takes all steps; the outputs can be read from the frame afterwards. */
  void run(Frame frame) {
    frame.drop(unread);
    for (Entry entry : steps) {
      try {
        entry.step.run(frame);
      } catch (ModelException e) {
        throw e; // from a step of a block, which names its own node
      } catch (RuntimeException e) {
        throw Failure.of(entry.node, e);
      }
      frame.drop(entry.dead);
    }
  }
}
