package io.ait4j.fx.memory;

import io.ait4j.fx.Arg;
import io.ait4j.fx.TensorMeta;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes of tensors that share storage, said without writes. */
public final class Memory {
  private final Context context;

  public Memory(Context context) {
    this.context = context;
  }

  /** A tensor in memory of its own. */
  public TensorRef fresh(Arg.Value value) {
    return owned(Storage.Owner.GRAPH, "", value);
  }

  /** A tensor in memory of somebody's, who knows it by {@code name}. */
  public TensorRef owned(Storage.Owner owner, String name, Arg.Value value) {
    int level = owner == Storage.Owner.GRAPH ? context.level() : 0;
    return new TensorRef(new Storage(owner, name, level, value), List.of(), value);
  }

  /** What a whole storage holds now. */
  public Arg.Value content(Storage storage) {
    if (storage.poison != null) {
      throw context.refuse(storage.poison);
    }
    return storage.content;
  }

  /** The tensor's present value. */
  public Arg.Value read(TensorRef ref) {
    Storage storage = ref.storage;
    if (storage.poison != null) {
      throw context.refuse(storage.poison);
    }
    if (ref.version != storage.version) {
      see(ref, replay(storage.content, ref.chain).getLast());
    }
    return ref.value;
  }

  /** Notes what a tensor is as of its storage's present version. */
  private void see(TensorRef ref, Arg.Value value) {
    Arg.Value old = ref.value;
    long oldVersion = ref.version;
    context.beforeChange(
        0,
        () -> {
          ref.value = old;
          ref.version = oldVersion;
        });
    ref.value = value;
    ref.version = ref.storage.version;
  }

  private boolean sameStrides(Arg.Value a, Arg.Value b) {
    TensorMeta one = context.typed(a);
    TensorMeta other = context.typed(b);
    return one == null || other == null ? one == other : one.strides().equals(other.strides());
  }

  /** Makes {@code next}, of the tensor's own type, its content, seen by all that share storage. */
  void write(TensorRef ref, Arg.Value next) {
    Storage storage = ref.storage;
    if (storage.poison != null) {
      throw context.refuse(storage.poison);
    }
    if (storage.owner == Storage.Owner.WEIGHTS) {
      throw new WrittenWeight(context.source, storage.name);
    }
    Arg.Value before = read(ref);
    Arg.Value content =
        PlacedWrite.isNeeded(ref.chain)
            ? PlacedWrite.into(context, storage.content, ref.chain, next)
            : scattered(storage.content, ref.chain, next);
    content = Relayout.as(context, content, storage.content);
    storage.restrided |= !sameStrides(content, storage.content);
    put(storage, content);
    if (ref.chain.isEmpty()) {
      see(ref, content);
    } else if (sameStrides(next, before)) {
      see(ref, next);
    }
    storage.doubtful.forEach(
        other ->
            poison(
                other,
                "a tensor is read that may or may not have been changed by a write in place to"
                    + " another; clone one of them in the model"));
  }

  /** {@code base} with what the views show of it replaced, view by view from the last. */
  private Arg.Value scattered(Arg.Value base, List<TensorRef.View> chain, Arg.Value next) {
    Arg.Value content = next;
    List<Arg.Value> stages = replay(base, chain);
    for (int i = chain.size() - 1; i >= 0; i--) {
      content = Scatter.into(context, stages.get(i), chain.get(i), stages.get(i + 1), content);
    }
    return content;
  }

  /** Gives a storage its next content. */
  public void put(Storage storage, Arg.Value content) {
    Arg.Value old = storage.content;
    long oldVersion = storage.version;
    context.beforeChange(
        storage.level,
        () -> {
          storage.content = old;
          storage.version = oldVersion;
        });
    context.written(storage);
    storage.put(content);
  }

  /** Makes reading a storage an error that says why. */
  public void poison(Storage storage, String why) {
    storage.poison = why;
  }

  /** Two storages of which it is not known whether they are one. */
  public void doubt(Storage one, Storage other) {
    one.doubtful.add(other);
    other.doubtful.add(one);
  }

  /** The value after none, one, ... all of the views. */
  private List<Arg.Value> replay(Arg.Value content, List<TensorRef.View> chain) {
    List<Arg.Value> stages = new ArrayList<>();
    stages.add(content);
    for (TensorRef.View view : chain) {
      List<Arg> results =
          context.builder().emit(view.target(), view.argsOn(stages.getLast()), context.source);
      stages.add((Arg.Value) results.get(view.result()));
    }
    return stages;
  }
}
