package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import io.ait4j.fx.memory.WrittenWeight;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;

/** The attributes of a model's modules and objects, which a run may set. */
final class Attributes {
  /** An attribute of one object, however many paths lead to it. */
  private record Key(long object, String name) {}

  private final Context context;
  private final Constants constants;
  private final Map<Key, JitValue> before = new HashMap<>();
  private final Map<Key, JitValue> now = new HashMap<>();

  Attributes(Context context, Constants constants) {
    this.context = context;
    this.constants = constants;
  }

  JitValue get(JitValue object, String name) {
    Key key = key(object, name);
    JitValue set = now.get(key);
    if (set != null) {
      return set;
    }
    JitValue read = read(object, name);
    before.put(key, read);
    return read;
  }

  /**
   * Sets an attribute. One that the run has read before holds what the run before has left: a
   * tensor is then state of the model.
   */
  void set(JitValue object, String name, JitValue value) {
    Key key = key(object, name);
    if (context.level() > 0) {
      throw context.refuse(
          "the model sets its attribute '"
              + path(object, name)
              + "' under control flow that depends on data, not supported");
    }
    JitValue held = before.get(key);
    if (held != null && !held.equals(value)) {
      carry(path(object, name), held, value);
    }
    now.put(key, value);
  }

  /** What the attribute that held {@code storage} at first holds at the end of the run. */
  TensorRef last(Storage storage) {
    for (Map.Entry<Key, JitValue> entry : before.entrySet()) {
      if (entry.getValue() instanceof JitValue.Tensor(TensorRef ref) && ref.storage() == storage) {
        return now.getOrDefault(entry.getKey(), entry.getValue())
                instanceof JitValue.Tensor(TensorRef last)
            ? last
            : ref;
      }
    }
    throw new IllegalStateException("no attribute holds " + storage.name());
  }

  private void carry(String path, JitValue held, JitValue value) {
    if (held instanceof JitValue.Tensor(TensorRef ref) && value instanceof JitValue.Tensor) {
      if (ref.storage().owner() == Storage.Owner.WEIGHTS) {
        throw new WrittenWeight(context.source, ref.storage().name());
      }
      return;
    }
    throw context.refuse(
        "the model carries its attribute '%s' over from one run to the next, and it is %s; only tensors can be carried, of one shape and dtype: give it one to begin with"
            .formatted(path, kind(held)));
  }

  private static String kind(JitValue value) {
    return switch (value) {
      case JitValue.Leaf(Arg arg) when arg instanceof Arg.None -> "None at first";
      case JitValue.Leaf(Arg.Int n) -> "an int";
      case JitValue.Leaf(Arg.Float n) -> "a float";
      case JitValue.Leaf(Arg.Bool n) -> "a bool";
      case JitValue.Leaf(Arg.Str n) -> "a string";
      case JitValue.Items items -> "a list";
      case JitValue.Tuple tuple -> "a tuple";
      case JitValue.Table table -> "a dictionary";
      default -> "no tensor at one of the two times";
    };
  }

  private JitValue read(JitValue object, String name) {
    try (PointerScope scope = new PointerScope()) {
      return switch (object) {
        case JitValue.Module module -> constants.attribute(module, name);
        case JitValue.Instance instance ->
            constants.read(instance.object().getAttr(name), path(object, name));
        default -> throw context.refuse("the attribute " + name + " of an unknown object is read");
      };
    }
  }

  private static String path(JitValue object, String name) {
    String path =
        switch (object) {
          case JitValue.Module module -> module.path();
          case JitValue.Instance instance -> instance.path();
          default -> "";
        };
    return path.isEmpty() ? name : path + "." + name;
  }

  private Key key(JitValue object, String name) {
    try (PointerScope scope = new PointerScope()) {
      return switch (object) {
        case JitValue.Module module -> new Key(module.module()._ivalue().address(), name);
        case JitValue.Instance instance -> new Key(instance.object().address(), name);
        default -> throw context.refuse("the attribute " + name + " of an unknown object is used");
      };
    }
  }
}
