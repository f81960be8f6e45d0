package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists of tensors whose length depends on data: values of the graph, of which an append makes the
 * next one.
 */
final class GrowingLists {
  private static final ValueMeta LIST = new ValueMeta.Opaque("Tensor[]");

  private final Context context;
  private final Memory memory;
  private final TensorOps tensors;
  private final Set<String> sites;

  /**
   * @param sites where such lists are made
   */
  GrowingLists(Context context, Memory memory, TensorOps tensors, Set<String> sites) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
    this.sites = sites;
  }

  /** The place in the code where {@code op}, run for the module at {@code path}, makes a list. */
  static String site(JitOp op, String path) {
    return path + " " + op.source() + " " + op.outputs().getFirst().name();
  }

  /** What {@code op} yields if it makes or uses such a list. */
  Optional<List<JitValue>> apply(JitOp op, List<JitValue> in, String path) {
    if (op.kind().equals("prim::ListConstruct") && sites.contains(site(op, path))) {
      in.forEach(this::requireTensor);
      Arg.Value made = append("prim::ListConstruct", in.stream().map(tensors::arg).toList(), LIST);
      Storage storage = memory.fresh(made).storage();
      in.forEach(element -> doubt(storage, element));
      return Optional.of(List.of(new JitValue.Growing(storage)));
    }
    return in.isEmpty() || !(in.getFirst() instanceof JitValue.Growing(Storage list))
        ? Optional.empty()
        : Optional.ofNullable(on(list, op, in));
  }

  private List<JitValue> on(Storage list, JitOp op, List<JitValue> in) {
    return switch (op.kind()) {
      case "aten::append" -> {
        requireTensor(in.get(1));
        Arg.Value next =
            append(
                "aten::add.t",
                List.of(memory.content(list), new Arg.Sequence(List.of(tensors.arg(in.get(1))))),
                LIST);
        memory.put(list, next);
        doubt(list, in.get(1));
        yield List.of(in.getFirst());
      }
      case "aten::len" ->
          List.of(
              new JitValue.Leaf(
                  append(
                      "aten::len.t",
                      List.of(memory.content(list)),
                      new ValueMeta.Scalar(DType.INT64))));
      case "aten::__getitem__" -> {
        JitValue element =
            tensors.value(
                append(
                    "aten::__getitem__.t",
                    List.of(memory.content(list), tensors.arg(in.get(1))),
                    BlockTypes.TENSOR));
        doubt(list, element);
        yield List.of(element);
      }
      default -> {
        boolean isTensorOp = op.target().namespace().equals("aten") && readsTensors(op);
        if (!isTensorOp) {
          throw context.refuse(
              op.target() + " of a list whose length depends on data, not supported");
        }
        yield null;
      }
    };
  }

  private boolean readsTensors(JitOp op) {
    return context.builder().schema(op.target()).parameters().getFirst().type().isTensorList();
  }

  private void requireTensor(JitValue element) {
    if (!(element instanceof JitValue.Tensor || element instanceof JitValue.TensorNumber)) {
      throw context.refuse("a list that grows over data holds other things than tensors");
    }
  }

  /** A write to an element is one to the list. */
  private void doubt(Storage list, JitValue element) {
    if (element instanceof JitValue.Tensor(TensorRef ref)) {
      memory.doubt(list, ref.storage());
    }
  }

  private Arg.Value append(String target, List<Arg> args, ValueMeta type) {
    return (Arg.Value)
        context
            .builder()
            .append(OpTarget.parse(target), args, List.of(type), List.of(), context.source)
            .getFirst();
  }
}
