package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.Guard;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.Weight;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a graph hands out: the results of {@code forward} one by one, then what it leaves in buffers
 * and in the caller's tensors.
 */
final class ModuleOutputs {
  private final Context context;
  private final Interpreter interpreter;
  private final List<Arg> outputs = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<GraphSignature.State> states = new ArrayList<>();
  private final List<GraphSignature.InputMutation> mutations = new ArrayList<>();
  private boolean isNamed;

  ModuleOutputs(Context context, Interpreter interpreter) {
    this.context = context;
    this.interpreter = interpreter;
  }

  List<Arg> all() {
    return outputs;
  }

  GraphSignature signature(List<Guard> guards) {
    return new GraphSignature(isNamed ? names : List.of(), states, mutations, guards);
  }

  /** Adds a result and what it is made of. */
  void add(JitValue value) {
    add(value, "");
  }

  private void add(JitValue value, String path) {
    switch (value) {
      case JitValue.Tuple tuple -> {
        isNamed |= !tuple.names().isEmpty();
        for (int i = 0; i < tuple.elements().size(); i++) {
          String part = tuple.names().isEmpty() ? Integer.toString(i) : tuple.names().get(i);
          add(tuple.elements().get(i), child(path, part));
        }
      }
      case JitValue.Items items -> {
        for (int i = 0; i < items.elements().size(); i++) {
          add(items.elements().get(i), child(path, Integer.toString(i)));
        }
      }
      case JitValue.Table table -> {
        isNamed = true;
        table.entries().forEach((key, entry) -> add(entry, child(path, text(key))));
      }
      case JitValue.Leaf(Arg arg) when arg instanceof Arg.None -> {}
      case JitValue.Growing list ->
          throw context.refuse(
              "the model returns a list whose length depends on data; stack it into a tensor");
      case JitValue.Module m -> throw context.refuse("the model returns a module");
      case JitValue.Instance i -> throw context.refuse("the model returns an object");
      case JitValue.Callable c -> throw context.refuse("the model returns a function");
      case JitValue other -> {
        outputs.add(interpreter.arg(other));
        names.add(path);
      }
    }
  }

  private static String child(String path, String part) {
    return path.isEmpty() ? part : path + "." + part;
  }

  private static String text(Arg key) {
    return switch (key) {
      case Arg.Str(String s) -> s;
      case Arg.Int(long n) -> Long.toString(n);
      default -> key.toString();
    };
  }

  /** Adds the buffers and the caller's tensors that the run has written. */
  void addWrites(
      Memory memory, Map<Storage, Weight> buffers, Attributes attributes, List<TensorRef> inputs) {
    buffers.forEach(
        (storage, weight) -> {
          String input = storage.initial().name();
          Arg.Value next = memory.read(attributes.last(storage));
          requireType(weight.name(), weight.meta(), next);
          states.add(new GraphSignature.State(input, outputs.size(), weight));
          outputs.add(next);
        });
    for (TensorRef ref : inputs) {
      if (ref.storage().isWritten()) {
        String input = ref.storage().initial().name();
        mutations.add(new GraphSignature.InputMutation(input, outputs.size()));
        outputs.add(memory.read(ref));
      }
    }
  }

  private void requireType(String name, TensorMeta before, Arg.Value next) {
    TensorMeta after = context.typed(next);
    if (after == null || after.dtype() != before.dtype() || !after.shape().equals(before.shape())) {
      throw context.refuse(
          "the model leaves %s in its buffer '%s', which began as %s; a buffer must keep its shape and dtype"
              .formatted(after == null ? "a tensor of unknown shape" : after, name, before));
    }
  }
}
