package io.ait4j.fallback;

import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tuple;
import org.bytedeco.pytorch.TupleElements;

/**
 * TorchScript's own operators on lists and tuples, for which libtorch's registry wants its graph.
 */
final class ListSteps {
  private ListSteps() {}

  /** Yields its operand: lists and tuples are made by the operand itself. */
  record Make(Operand operand, int result) implements Step {
    @Override
    public void run(Frame frame) {
      operand.with(frame, value -> frame.set(result, value));
    }
  }

  record Unpack(Operand operand, int[] results) implements Step {
    @Override
    public void run(Frame frame) {
      operand.with(
          frame,
          value -> {
            if (value.isTuple()) {
              tuple(value, frame);
            } else {
              list(value, frame);
            }
          });
    }

    private void tuple(IValue value, Frame frame) {
      try (Tuple tuple = value.toTuple();
          IValueVector elements = elements(tuple)) {
        check(elements.size());
        for (int i = 0; i < results.length; i++) {
          frame.set(results[i], elements.get(i));
        }
      }
    }

    private void list(IValue value, Frame frame) {
      try (GenericList list = value.toList()) {
        check(list.size());
        for (int i = 0; i < results.length; i++) {
          try (IValue element = list.get(i)) {
            frame.set(results[i], element);
          }
        }
      }
    }

    private void check(long size) {
      if (size != results.length) {
        throw new IllegalStateException("unpacks " + results.length + " values of " + size);
      }
    }
  }

  private static IValueVector elements(Tuple tuple) {
    TupleElements elements = tuple.elements();
    return elements.vec();
  }
}
