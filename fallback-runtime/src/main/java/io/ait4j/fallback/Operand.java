package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.SchemaType;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tuple;

/** Where an argument of a step comes from. */
sealed interface Operand {
  /** Sees the value; the pointer is good only during the call. */
  void with(Frame frame, Consumer<IValue> reader);

  /** Known when the module is made. */
  record Constant(IValue value) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      reader.accept(value);
    }
  }

  /** A value of this run. */
  record Slot(int index) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      reader.accept(frame.get(index));
    }
  }

  /** A number of this run in a tensor's place. */
  record Number(int index) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      try (IValue tensor = Constants.wrapped(frame.get(index).toScalar())) {
        reader.accept(tensor);
      }
    }
  }

  /** A size that depends on the sizes of the inputs, as a parameter of this type wants it. */
  record Size(Dim dim, SchemaType type) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      try (IValue size = Constants.value(new Arg.Int(dim.evaluate(frame.symbols())), type)) {
        reader.accept(size);
      }
    }
  }

  /** A list, made anew for each run. */
  record Elements(SchemaType element, List<Operand> elements) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      try (GenericList list = Constants.list(element)) {
        elements.forEach(operand -> operand.with(frame, list::push_back));
        try (IValue value = new IValue(list)) {
          reader.accept(value);
        }
      }
    }
  }

  /** A tuple, made anew for each run. */
  record TupleOf(List<Operand> elements) implements Operand {
    @Override
    public void with(Frame frame, Consumer<IValue> reader) {
      try (IValueVector values = new IValueVector()) {
        elements.forEach(operand -> operand.with(frame, values::push_back));
        try (Tuple tuple = Tuple.create(values);
            IValue value = new IValue(tuple)) {
          reader.accept(value);
        }
      }
    }
  }
}
