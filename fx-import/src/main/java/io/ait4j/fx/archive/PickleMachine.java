package io.ait4j.fx.archive;

import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The stack machine that a pickle is a program for, with data in place of Python's objects. */
final class PickleMachine {
  /** Values that one pickle may make; a model of 10 000 tensors makes some 300 000. */
  private static final int MOST_VALUES = 3_000_000;

  private static final PickleValue FALSE = new PickleValue.Bool(false);
  private static final PickleValue TRUE = new PickleValue.Bool(true);
  private static final Tuple EMPTY = new Tuple(List.of());

  private final PickleInput in;
  private final Predicate<Global> allowed;
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private final List<Integer> marks = new ArrayList<>();
  private List<PickleValue> stack = new ArrayList<>();
  private int made;

  PickleMachine(PickleInput in, Predicate<Global> allowed) {
    this.in = in;
    this.allowed = allowed;
  }

  PickleValue run() throws Corrupt {
    if (in.u8() != 0x80) {
      throw new Corrupt(
          "its pickle is not of protocol 2 or later; save it anew with PyTorch 1.6 or later");
    }
    int protocol = in.u8();
    if (protocol < 2 || protocol > 5) {
      throw new Corrupt("its pickle is of protocol " + protocol + "; 2 to 5 are read");
    }
    for (int opcode = in.u8(); opcode != '.'; opcode = in.u8()) {
      step(opcode);
    }
    return pop();
  }

  private void step(int opcode) throws Corrupt {
    switch (opcode) {
      case 0x80 -> in.u8();
      case 0x95 -> in.i64(); // frames only group reads
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> push(top());
      case 'N' -> push(PickleValue.NONE);
      case 0x88 -> push(TRUE);
      case 0x89 -> push(FALSE);
      case 'J' -> push(new PickleValue.Int(in.i32()));
      case 'K' -> push(new PickleValue.Int(in.u8()));
      case 'M' -> push(new PickleValue.Int(in.u16()));
      case 0x8a -> push(new PickleValue.Int(in.integer(in.u8())));
      case 0x8b -> push(new PickleValue.Int(in.integer(in.i32())));
      case 'G' -> push(new PickleValue.Float(in.bigEndianDouble()));
      case 'X' -> push(new Str(in.utf8(in.u32())));
      case 0x8c, 'U' -> push(new Str(in.utf8(in.u8())));
      case 0x8d -> push(new Str(in.utf8(in.i64())));
      case 'T' -> push(new Str(in.utf8(in.i32())));
      case 'B' -> push(new PickleValue.Bytes(in.bytes(in.u32())));
      case 'C' -> push(new PickleValue.Bytes(in.bytes(in.u8())));
      case 0x8e, 0x96 -> push(new PickleValue.Bytes(in.bytes(in.i64())));
      case ')' -> push(EMPTY);
      case 't' -> push(new Tuple(popMark()));
      case 0x85 -> push(new Tuple(pop(1)));
      case 0x86 -> push(new Tuple(pop(2)));
      case 0x87 -> push(new Tuple(pop(3)));
      case ']', 0x8f -> push(new PickleValue.List());
      case 'l', 0x91 -> pushList(popMark());
      case 'a' -> append(pop(1));
      case 'e', 0x90 -> append(popMark());
      case '}' -> push(new Dict());
      case 'd' -> pushDict(popMark());
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popMark());
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> stackGlobal(pop(2));
      case 'R' -> push(called(pop(2), false));
      case 0x81 -> push(called(pop(2), true));
      case 'b' -> build(pop());
      case 'Q' -> push(new PickleValue.PersistentId(pop()));
      case 'q' -> memoize(in.u8());
      case 'r' -> memoize(in.u32());
      case 0x94 -> memoize(memo.size());
      case 'h' -> push(remembered(in.u8()));
      case 'j' -> push(remembered(in.u32()));
      default ->
          throw damaged("has the opcode 0x%02x, which PyTorch does not write".formatted(opcode));
    }
  }

  private void mark() throws Corrupt {
    count();
    marks.add(stack.size());
  }

  private List<PickleValue> popMark() throws Corrupt {
    if (marks.isEmpty()) {
      throw damaged("ends a group that it has not begun");
    }
    return pop(stack.size() - marks.removeLast());
  }

  private PickleValue pop() throws Corrupt {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  private PickleValue top() throws Corrupt {
    if (stack.size() <= floor()) {
      throw damaged("takes a value that is not there");
    }
    return stack.getLast();
  }

  /** The last {@code count} values, in the order in which they were pushed. */
  private List<PickleValue> pop(int count) throws Corrupt {
    if (stack.size() - count < floor()) {
      throw damaged("takes a value that is not there");
    }
    List<PickleValue> last = stack.subList(stack.size() - count, stack.size());
    List<PickleValue> values = new ArrayList<>(last);
    last.clear();
    return values;
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getLast();
  }

  private void push(PickleValue value) throws Corrupt {
    count();
    stack.add(value);
  }

  private void count() throws Corrupt {
    if (++made > MOST_VALUES) {
      throw new Corrupt("its pickle holds more than " + MOST_VALUES + " values");
    }
  }

  private void memoize(long key) throws Corrupt {
    count();
    memo.put(key, top());
  }

  private PickleValue remembered(long key) throws Corrupt {
    PickleValue value = memo.get(key);
    if (value == null) {
      throw damaged("refers to value " + key + ", which it has not stored");
    }
    return value;
  }

  private Global global(String module, String name) throws Corrupt {
    Global global = new Global(module, name);
    if (!allowed.test(global)) {
      throw new Corrupt(
          "its pickle names " + global.path() + ", which has no place in a file of weights");
    }
    return global;
  }

  private void stackGlobal(List<PickleValue> names) throws Corrupt {
    if (!(names.get(0) instanceof Str(String module) && names.get(1) instanceof Str(String name))) {
      throw damaged("names a class by something other than text");
    }
    push(global(module, name));
  }

  /** OrderedDict is the one class whose meaning is known here: state_dicts are. */
  private PickleValue called(List<PickleValue> calleeAndArgs, boolean isNew) throws Corrupt {
    if (!(calleeAndArgs.get(0) instanceof Global callee
        && calleeAndArgs.get(1) instanceof Tuple args)) {
      throw damaged("calls something that is no name");
    }
    if (callee.path().equals("collections.OrderedDict") && args.elements().isEmpty()) {
      return new Dict();
    }
    return new Call(callee, args.elements(), isNew);
  }

  private void build(PickleValue state) throws Corrupt {
    switch (top()) {
      case Call call -> call.build(state);
      // state_dict() leaves its versions as an attribute of the OrderedDict.
      case Dict dict -> {}
      default -> throw damaged("sets the state of something that is no object");
    }
  }

  private void append(List<PickleValue> values) throws Corrupt {
    switch (top()) {
      case PickleValue.List list -> values.forEach(list::add);
      case Call call -> values.forEach(call::add);
      default -> throw damaged("appends to something that is no list");
    }
  }

  private void pushList(List<PickleValue> values) throws Corrupt {
    push(new PickleValue.List());
    append(values);
  }

  private void setItems(List<PickleValue> keysAndValues) throws Corrupt {
    BiConsumer<PickleValue, PickleValue> put =
        switch (top()) {
          case Dict dict -> dict::put;
          case Call call -> call::put;
          default -> throw damaged("puts entries into something that is no dict");
        };
    if (keysAndValues.size() % 2 != 0) {
      throw damaged("has a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      put.accept(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private void pushDict(List<PickleValue> keysAndValues) throws Corrupt {
    push(new Dict());
    setItems(keysAndValues);
  }

  private Corrupt damaged(String what) {
    return new Corrupt("its pickle is damaged: it " + what + ", before byte " + in.position());
  }
}
