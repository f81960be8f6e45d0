package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.Weight;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's tensors as values of the graph: constants, and those that the model writes as inputs.
 */
final class Buffers {
  private record Bound(Weight weight, JitValue.Tensor value) {}

  private final Context context;
  private final FxGraphBuilder graph;
  private final Memory memory;
  private final Set<String> written;
  private final List<Bound> bound = new ArrayList<>();
  private final Map<Storage, Weight> states = new LinkedHashMap<>();

  /**
   * @param graph the outermost
   * @param written names of the weights that are known to be written
   */
  Buffers(Context context, FxGraphBuilder graph, Memory memory, Set<String> written) {
    this.context = context;
    this.graph = graph;
    this.memory = memory;
    this.written = written;
  }

  /** The weights that are state, by their storage. */
  Map<Storage, Weight> states() {
    return states;
  }

  JitValue bind(Weight weight) {
    for (Bound other : bound) {
      boolean matters = written.contains(weight.name()) || written.contains(other.weight.name());
      if (matters && overlap(weight, other.weight)) {
        if (weight.meta().equals(other.weight.meta())
            && weight.data().address() == other.weight.data().address()) {
          return other.value;
        }
        throw context.refuse(
            "the model writes to memory that its tensors '%s' and '%s' share, not supported; make one a copy"
                .formatted(other.weight.name(), weight.name()));
      }
    }
    JitValue.Tensor value =
        new JitValue.Tensor(memory.owned(owner(weight), weight.name(), value(weight)));
    if (written.contains(weight.name())) {
      states.put(value.ref().storage(), weight);
    }
    bound.add(new Bound(weight, value));
    return value;
  }

  private Storage.Owner owner(Weight weight) {
    return written.contains(weight.name()) ? Storage.Owner.READER : Storage.Owner.WEIGHTS;
  }

  private Arg.Value value(Weight weight) {
    return written.contains(weight.name())
        ? graph.input(weight.name(), weight.meta())
        : graph.attribute(weight);
  }

  private static boolean overlap(Weight a, Weight b) {
    long start = Math.max(a.data().address(), b.data().address());
    long end =
        Math.min(
            a.data().address() + a.data().byteSize(), b.data().address() + b.data().byteSize());
    return start < end;
  }
}
