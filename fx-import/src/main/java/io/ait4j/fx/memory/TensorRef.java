package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import java.util.ArrayList;
import java.util.List;

/** A tensor of the source program: a storage seen through a chain of views. */
public final class TensorRef {
  /**
   * One view operator.
   *
   * @param args complete, with the viewed tensor itself left out as None at {@code self}
   * @param result which of the operator's results it is
   */
  record View(OpTarget target, List<Arg> args, int self, int result) {
    View {
      args = new ArrayList<>(args);
      args.set(self, Arg.NONE);
      args = List.copyOf(args);
    }

    List<Arg> argsOn(Arg.Value viewed) {
      List<Arg> all = new ArrayList<>(args);
      all.set(self, viewed);
      return all;
    }
  }

  Storage storage;
  List<View> chain;

  /** What this tensor is in the graph as of {@code version} of the storage. */
  Arg.Value value;

  long version;

  /** The memory it looks at. */
  public Storage storage() {
    return storage;
  }

  /**
   * A value of the graph with the tensor's type. Its content is the tensor's as of some earlier
   * write; {@link Memory#read} gives the present one.
   */
  public Arg.Value typedValue() {
    return value;
  }

  TensorRef(Storage storage, List<View> chain, Arg.Value value) {
    this.storage = storage;
    this.chain = List.copyOf(chain);
    this.value = value;
    this.version = storage.version;
  }
}
