package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.OpTarget;
import java.util.ArrayList;
import java.util.List;

/** A tensor of the source program: a storage seen through a chain of views. */
final class TensorRef implements JitValue {
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

  TensorRef(Storage storage, List<View> chain, Arg.Value value) {
    this.storage = storage;
    this.chain = List.copyOf(chain);
    this.value = value;
    this.version = storage.version;
  }
}
