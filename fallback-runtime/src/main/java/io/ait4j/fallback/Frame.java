package io.ait4j.fallback;

import java.util.Map;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/** The values of one run, by slot. Confined to the thread that runs. */
final class Frame implements AutoCloseable {
  private final IValueVector slots;
  private final IValueVector stack = new IValueVector();
  private final IValue none;
  private final Map<String, Long> symbols;

  /**
   * @param none what an empty slot holds
   * @param symbols sizes of the inputs, by symbol
   */
  Frame(int size, IValue none, Map<String, Long> symbols) {
    this.slots = new IValueVector(size);
    this.none = none;
    this.symbols = symbols;
  }

  IValue get(int slot) {
    return slots.get(slot);
  }

  void set(int slot, IValue value) {
    slots.put(slot, value);
  }

  /** Lets go of a value that nothing reads any more. */
  void drop(int[] dead) {
    for (int slot : dead) {
      slots.put(slot, none);
    }
  }

  /** For the arguments and results of one operator at a time. */
  IValueVector stack() {
    return stack;
  }

  Map<String, Long> symbols() {
    return symbols;
  }

  @Override
  public void close() {
    slots.close();
    stack.close();
  }
}
