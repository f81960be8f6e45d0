package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Joins the two branches of an {@code if} whose condition is known only at run time. */
final class DynamicBranch {
  private final Context context;
  private final Memory memory;
  private final TensorOps tensors;
  private final List<JitValue> templates = new ArrayList<>();
  private final List<JitValue> leavesYes = new ArrayList<>();
  private final List<JitValue> leavesNo = new ArrayList<>();

  DynamicBranch(Context context, Memory memory, TensorOps tensors) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
  }

  List<JitValue> join(Arg condition, BlockBody yes, BlockBody no) {
    for (int i = 0; i < yes.values().size(); i++) {
      align(yes.values().get(i), no.values().get(i));
    }
    Set<Storage> written = new LinkedHashSet<>(yes.written().keySet());
    written.addAll(no.written().keySet());
    List<Arg> outYes = new ArrayList<>();
    List<Arg> outNo = new ArrayList<>();
    List<ValueMeta> types = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < leavesYes.size(); i++) {
      if (!leavesYes.get(i).isKnown() || !leavesYes.get(i).equals(leavesNo.get(i))) {
        passed.add(i);
        outYes.add(yes.args().get(leavesYes.get(i)));
        outNo.add(no.args().get(leavesNo.get(i)));
        types.add(common(yes, outYes, leavesYes.get(i), no, outNo, leavesNo.get(i)));
      }
    }
    for (Storage storage : written) {
      outYes.add(yes.written().getOrDefault(storage, storage.content()));
      outNo.add(no.written().getOrDefault(storage, storage.content()));
      types.add(BlockTypes.join(context, yes.builder(), outYes, no.builder(), outNo));
    }
    List<Arg> results =
        context
            .builder()
            .append(
                OpTarget.parse("prim::If"),
                List.of(condition),
                types,
                List.of(yes.builder().build(outYes), no.builder().build(outNo)),
                context.source);
    List<JitValue> leaves = wrapped(results, passed);
    int k = passed.size();
    for (Storage storage : written) {
      memory.put(storage, (Arg.Value) results.get(k++));
    }
    Iterator<JitValue> next = leaves.iterator();
    return templates.stream()
        .map(template -> Structure.rebuilt(template, next, context.level()))
        .toList();
  }

  /** Takes the leaves of what the two branches yield in one place. */
  private void align(JitValue a, JitValue b) {
    List<JitValue> left = Structure.leaves(a);
    List<JitValue> right = Structure.leaves(b);
    boolean isUnsetLeft = a instanceof JitValue.Unset;
    boolean isUnsetRight = b instanceof JitValue.Unset;
    if (!Structure.same(a, b) && !isUnsetLeft && !isUnsetRight) {
      throw context.refuse(
          "the branches of an if on data yield lists, tuples or dictionaries of different length, not supported");
    }
    templates.add(isUnsetLeft ? b : a);
    int n = isUnsetLeft ? right.size() : left.size();
    for (int i = 0; i < n; i++) {
      leavesYes.add(isUnsetLeft ? a : left.get(i));
      leavesNo.add(isUnsetRight ? b : right.get(i));
    }
  }

  /** The leaves of the results; what may be one tensor is doubted to be two. */
  private List<JitValue> wrapped(List<Arg> results, List<Integer> passed) {
    List<JitValue> values = new ArrayList<>(leavesYes);
    for (int k = 0; k < passed.size(); k++) {
      int i = passed.get(k);
      values.set(i, tensors.value(results.get(k)));
      for (List<JitValue> leaves : List.of(leavesYes, leavesNo)) {
        doubt(values.get(i), leaves.get(i));
        for (int other = 0; other < i; other++) {
          if (sameMemory(leaves.get(i), leaves.get(other))) {
            doubt(values.get(i), values.get(other));
          }
        }
      }
    }
    return values;
  }

  private static boolean sameMemory(JitValue a, JitValue b) {
    return a instanceof JitValue.Tensor(TensorRef x)
        && b instanceof JitValue.Tensor(TensorRef y)
        && x.storage() == y.storage();
  }

  /** A result may be a tensor from outside the branch, and a write to one a write to the other. */
  private void doubt(JitValue result, JitValue other) {
    if (result instanceof JitValue.Tensor(TensorRef made)
        && other instanceof JitValue.Tensor(TensorRef ref)
        && ref.storage().level() <= context.level()) {
      memory.doubt(made.storage(), ref.storage());
    }
  }

  private ValueMeta common(
      BlockBody yes, List<Arg> outYes, JitValue a, BlockBody no, List<Arg> outNo, JitValue b) {
    if (a instanceof JitValue.Unset) {
      outYes.set(outYes.size() - 1, filler(yes.builder(), no.builder(), outNo.getLast()));
    }
    if (b instanceof JitValue.Unset) {
      outNo.set(outNo.size() - 1, filler(no.builder(), yes.builder(), outYes.getLast()));
    }
    return BlockTypes.join(context, yes.builder(), outYes, no.builder(), outNo);
  }

  /** For a variable that one branch leaves unset: nobody reads it then. */
  private Arg filler(FxGraphBuilder builder, FxGraphBuilder other, Arg value) {
    return BlockTypes.filler(context, builder, BlockTypes.of(context, other, value));
  }
}
