package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.Guard;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Obj;

/** What a TorchScript value is known to be while its graph is read. */
sealed interface JitValue
    permits JitValue.Leaf,
        JitValue.TensorNumber,
        JitValue.SizeTests,
        JitValue.Ratio,
        JitValue.Unset,
        JitValue.Items,
        JitValue.Growing,
        JitValue.Tuple,
        JitValue.Table,
        JitValue.Module,
        JitValue.Instance,
        JitValue.Callable,
        JitValue.Tensor {

  /** Level of a list or dictionary that belongs to the model, not to its run. */
  int FIXED = -1;

  JitValue NONE = new Leaf(Arg.NONE);

  record Tensor(TensorRef ref) implements JitValue {}

  /** A constant, or a number that is known only at run time (an {@link Arg.Value}). */
  record Leaf(Arg arg) implements JitValue {}

  /** A tensor of rank 0 whose content is known: a traced size, a literal. */
  record TensorNumber(DType dtype, Arg number) implements JitValue {}

  /** A truth value that the sizes of the inputs decide: all of these hold. */
  record SizeTests(List<Guard> all) implements JitValue {
    public SizeTests {
      all = List.copyOf(all);
    }
  }

  /** A float that the sizes of the inputs decide: a size over a number. */
  record Ratio(Dim numerator, long denominator) implements JitValue {}

  /** A variable that has no value yet, and that nobody reads. */
  record Unset() implements JitValue {}

  /**
   * A list: shared by reference, and appended to. {@code level} is the block that made it, {@code
   * site} the place in the code, null for none.
   */
  record Items(List<JitValue> elements, int level, String site) implements JitValue {
    Items(List<JitValue> elements, int level) {
      this(elements, level, null);
    }

    public Items {
      elements = new ArrayList<>(elements);
    }

    @Override
    public boolean equals(Object o) {
      return this == o;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A list of tensors whose length depends on data. */
  record Growing(Storage list) implements JitValue {}

  /** {@code names} are those of a named tuple's fields, else empty. */
  record Tuple(List<JitValue> elements, List<String> names) implements JitValue {
    Tuple(List<JitValue> elements) {
      this(elements, List.of());
    }
  }

  /** A dictionary, by key. */
  record Table(Map<Arg, JitValue> entries, int level) implements JitValue {
    public Table {
      entries = new LinkedHashMap<>(entries);
    }

    @Override
    public boolean equals(Object o) {
      return this == o;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A module of the model; {@code path} leads to it, empty for the model itself. */
  record Module(JitModule module, String path) implements JitValue {
    String child(String name) {
      return path.isEmpty() ? name : path + "." + name;
    }
  }

  /** An object of a TorchScript class that is no module. */
  record Instance(Obj object, String path) implements JitValue {}

  /** A free function. */
  record Callable(JitGraph body, String name) implements JitValue {}

  static JitValue of(long n) {
    return new Leaf(new Arg.Int(n));
  }

  static JitValue of(boolean b) {
    return new Leaf(new Arg.Bool(b));
  }

  static JitValue of(Dim dim) {
    return new Leaf(Arg.of(dim));
  }

  /** True if the sizes of the inputs decide it, and these are not all known. */
  default boolean isSymbolic() {
    return switch (this) {
      case Leaf(Arg arg) -> arg instanceof Arg.SymInt;
      case TensorNumber(DType dtype, Arg number) -> number instanceof Arg.SymInt;
      case SizeTests tests -> true;
      case Ratio ratio -> true;
      case Items items -> items.elements().stream().anyMatch(JitValue::isSymbolic);
      case Tuple(List<JitValue> elements, List<String> names) ->
          elements.stream().anyMatch(JitValue::isSymbolic);
      default -> false;
    };
  }

  /** True if nothing in it waits for run time and no tensor's elements are asked for. */
  default boolean isKnown() {
    return switch (this) {
      case Leaf(Arg arg) -> !(arg instanceof Arg.Value);
      case TensorNumber n -> true;
      case Unset u -> true;
      case Items items -> items.elements().stream().allMatch(JitValue::isKnown);
      case Tuple(List<JitValue> elements, List<String> names) ->
          elements.stream().allMatch(JitValue::isKnown);
      default -> false;
    };
  }
}
