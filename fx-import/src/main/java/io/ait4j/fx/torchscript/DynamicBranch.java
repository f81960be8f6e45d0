package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Joins the two branches of an {@code if} whose condition is known only at run time. */
final class DynamicBranch {
  private final Context context;
  private final Memory memory;
  private final TensorOps tensors;

  DynamicBranch(Context context, Memory memory, TensorOps tensors) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
  }

  List<JitValue> join(Arg condition, BlockBody yes, BlockBody no) {
    Set<Storage> written = new LinkedHashSet<>(yes.written().keySet());
    written.addAll(no.written().keySet());
    List<Arg> outYes = new ArrayList<>();
    List<Arg> outNo = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < yes.values().size(); i++) {
      JitValue a = yes.values().get(i);
      if (!a.isKnown() || !a.equals(no.values().get(i))) {
        passed.add(i);
        outYes.add(yes.args().get(i));
        outNo.add(no.args().get(i));
      }
    }
    for (Storage storage : written) {
      outYes.add(yes.written().getOrDefault(storage, storage.content()));
      outNo.add(no.written().getOrDefault(storage, storage.content()));
    }
    List<ValueMeta> types = new ArrayList<>();
    for (int i = 0; i < outYes.size(); i++) {
      types.add(common(yes.builder(), outYes, no.builder(), outNo, i));
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

    List<JitValue> values = new ArrayList<>(yes.values());
    for (int k = 0; k < passed.size(); k++) {
      int i = passed.get(k);
      values.set(i, tensors.value(results.get(k)));
      for (BlockBody body : List.of(yes, no)) {
        doubt(values.get(i), body.values().get(i));
        for (int other = 0; other < i; other++) {
          if (sameMemory(body.values().get(i), body.values().get(other))) {
            doubt(values.get(i), values.get(other));
          }
        }
      }
    }
    int k = passed.size();
    for (Storage storage : written) {
      memory.put(storage, (Arg.Value) results.get(k++));
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

  /** The type of a result that either branch may give; both are made one layout if they can. */
  private ValueMeta common(
      FxGraphBuilder yes, List<Arg> outYes, FxGraphBuilder no, List<Arg> outNo, int i) {
    ValueMeta a = BlockBody.type(context, yes, outYes.get(i));
    ValueMeta b = BlockBody.type(context, no, outNo.get(i));
    if (a.equals(b)) {
      return a;
    }
    if (a instanceof TensorMeta x
        && b instanceof TensorMeta y
        && x.dtype() == y.dtype()
        && x.shape().equals(y.shape())) {
      outYes.set(i, contiguous(yes, outYes.get(i)));
      outNo.set(i, contiguous(no, outNo.get(i)));
      return TensorMeta.contiguous(x.dtype(), x.shape());
    }
    if (a instanceof ValueMeta.Scalar || b instanceof ValueMeta.Scalar) {
      throw context.refuse(
          "the branches of an if yield values of different types: " + a + ", " + b);
    }
    return new ValueMeta.Opaque("Tensor");
  }

  private Arg contiguous(FxGraphBuilder builder, Arg value) {
    return builder.meta(value).isContiguous()
        ? value
        : builder
            .keep(
                OpTarget.parse("aten::clone"),
                List.of(value, new Arg.MemoryFormat("contiguous_format")),
                context.source)
            .getFirst();
  }
}
