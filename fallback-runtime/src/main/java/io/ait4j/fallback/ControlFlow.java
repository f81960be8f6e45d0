package io.ait4j.fallback;

import io.ait4j.fx.FxNode;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/** The steps that run blocks, and the one that ends a run. */
final class ControlFlow {
  private ControlFlow() {}

  /**
   * @param results slots of what the block that ran returns
   */
  record Branch(Operand condition, BlockCode then, BlockCode otherwise, int[] results)
      implements Step {
    @Override
    public void run(Frame frame) {
      BlockCode block = truth(condition, frame) ? then : otherwise;
      block.run(frame);
      move(frame, block.outputs(), 0, results);
      frame.drop(block.returned());
    }
  }

  /**
   * @param trips how often at most
   * @param condition whether to go round a first time
   * @param initial first values of what is carried around
   * @param body takes the iteration and the carried values, returns a condition and the next ones
   * @param results slots of the last carried values
   */
  record Loop(
      Operand trips, Operand condition, List<Operand> initial, BlockCode body, int[] results)
      implements Step {
    @Override
    public void run(Frame frame) {
      long most = number(trips, frame);
      boolean goOn = truth(condition, frame);
      int[] inputs = body.inputs();
      int[] carried = Arrays.copyOfRange(inputs, 1, inputs.length);
      move(frame, initial, 0, carried);
      if (most <= 0 || !goOn) {
        move(frame, slots(carried), 0, results);
        return;
      }
      for (long i = 0; ; i++) {
        try (IValue iteration = new IValue(i)) {
          frame.set(inputs[0], iteration);
        }
        body.run(frame);
        boolean more = truth(body.outputs().getFirst(), frame) && i + 1 < most;
        move(frame, body.outputs(), 1, more ? carried : results);
        frame.drop(body.returned());
        if (!more) {
          frame.drop(carried);
          return;
        }
      }
    }

    private static List<Operand> slots(int[] slots) {
      return Arrays.stream(slots).mapToObj(s -> (Operand) new Operand.Slot(s)).toList();
    }
  }

  /** libtorch's own would report the exception's class and drop what it says. */
  record Raise(FxNode node, List<Operand> text) implements Step {
    @Override
    public void run(Frame frame) {
      StringJoiner said = new StringJoiner(": ");
      for (Operand part : text.reversed()) {
        part.with(
            frame,
            value -> {
              if (value.isString()) {
                said.add(value.toStringRef().getString());
              }
            });
      }
      throw Failure.raised(node, said.toString());
    }
  }

  private static boolean truth(Operand operand, Frame frame) {
    boolean[] truth = new boolean[1];
    operand.with(frame, value -> truth[0] = value.toBool());
    return truth[0];
  }

  private static long number(Operand operand, Frame frame) {
    long[] number = new long[1];
    operand.with(frame, value -> number[0] = value.toInt());
    return number[0];
  }

  /** All are read before any is written: a loop may swap what it carries. */
  private static void move(Frame frame, List<Operand> from, int skip, int[] to) {
    try (IValueVector values = new IValueVector(to.length)) {
      for (int i = 0; i < to.length; i++) {
        int index = i;
        from.get(i + skip).with(frame, value -> values.put(index, value));
      }
      for (int i = 0; i < to.length; i++) {
        frame.set(to[i], values.get(i));
      }
    }
  }
}
