package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.BlockTypes;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loop whose end is known only at run time. Its body is read again until the types of what it
 * carries and the set of outside tensors that it writes no longer change.
 */
final class DynamicLoop {
  private static final String UNSETTLED =
      "a loop that depends on data carries values whose types do not settle";

  private final Context context;
  private final Memory memory;
  private final TensorOps tensors;
  private final Interpreter interpreter;
  private final JitGraph body;
  private final String path;
  private final Map<Long, JitValue> env;

  /** What is carried, as it is before the loop; its leaves, and their types where they change. */
  private List<JitValue> templates;

  private final List<JitValue> leaves = new ArrayList<>();
  private final List<Arg> initial = new ArrayList<>();
  private final List<ValueMeta> types = new ArrayList<>();
  private final Map<Storage, ValueMeta> written = new LinkedHashMap<>();
  private final Set<Integer> mutated = new HashSet<>();

  DynamicLoop(
      Context context,
      Memory memory,
      TensorOps tensors,
      Interpreter interpreter,
      JitGraph body,
      String path,
      Map<Long, JitValue> env) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
    this.interpreter = interpreter;
    this.body = body;
    this.path = path;
    this.env = env;
  }

  /**
   * @param count of rounds at most, those already unrolled included
   * @param done rounds already unrolled
   */
  List<JitValue> read(JitValue count, long done, JitValue condition, List<JitValue> carried) {
    String source = context.source;
    templates = List.copyOf(carried);
    carried.forEach(value -> leaves.addAll(Structure.leaves(value)));
    for (int i = 0; i < leaves.size(); i++) {
      initial.add(BlockBody.isPassable(leaves.get(i)) ? tensors.arg(leaves.get(i)) : null);
      boolean isPassed = initial.get(i) != null && !(initial.get(i) instanceof Arg.None);
      types.add(isPassed ? BlockTypes.of(context, context.builder(), initial.get(i)) : null);
    }
    Arg goOn = tensors.arg(condition);
    Arg rounds = remaining(count, done);
    BlockBody read;
    for (int attempt = 0; ; attempt++) {
      if (attempt > 8) {
        throw context.refuse(UNSETTLED);
      }
      context.source = source;
      read = readBody(done);
      if (!widen(read)) {
        break;
      }
    }
    context.source = source;
    return append(List.of(rounds, goOn), read);
  }

  private Arg remaining(JitValue count, long done) {
    if (done == 0) {
      return tensors.arg(count);
    }
    if (count instanceof JitValue.Leaf(Arg.Int(long n))) {
      return new Arg.Int(n - done);
    }
    throw context.refuse("a loop whose number of rounds depends on data");
  }

  private BlockBody readBody(long done) {
    return BlockBody.read(
        context,
        interpreter,
        builder -> {
          List<JitValue> inputs = new ArrayList<>();
          inputs.add(round(builder, done));
          List<JitValue> inside = new ArrayList<>(leaves);
          for (int i = 0; i < inside.size(); i++) {
            if (types.get(i) != null) {
              inside.set(i, tensors.value(builder.input("carried", types.get(i))));
            }
          }
          inputs.addAll(rebuilt(inside));
          written.forEach((storage, type) -> memory.put(storage, builder.input("written", type)));
          return inputs;
        },
        inputs ->
            interpreter.walk(
                body,
                ControlFlow.bind(body, inputs.getFirst(), inputs.subList(1, inputs.size()), env),
                path));
  }

  private List<JitValue> rebuilt(List<JitValue> values) {
    Iterator<JitValue> next = values.iterator();
    return templates.stream().map(t -> Structure.rebuilt(t, next, context.level())).toList();
  }

  private JitValue round(FxGraphBuilder builder, long done) {
    Arg i = builder.input("round", new ValueMeta.Scalar(DType.INT64));
    return new JitValue.Leaf(
        done == 0
            ? i
            : builder
                .emit(
                    OpTarget.parse("aten::add.int"), List.of(i, new Arg.Int(done)), context.source)
                .getFirst());
  }

  /** The leaves of what a body hands to its next round. */
  private List<JitValue> yielded(BlockBody read) {
    List<JitValue> yielded = new ArrayList<>();
    for (int i = 0; i < templates.size(); i++) {
      JitValue value = read.values().get(i + 1);
      if (!Structure.same(templates.get(i), value)) {
        throw context.refuse(
            "a loop that depends on data carries a list or object that changes its length, not"
                + " supported; collect into a tensor instead");
      }
      yielded.addAll(Structure.leaves(value));
    }
    return yielded;
  }

  /** Takes in what a reading of the body shows; true if that calls for another. */
  private boolean widen(BlockBody read) {
    boolean changed = false;
    List<JitValue> after = yielded(read);
    List<JitValue> given =
        read.inputs().subList(1, read.inputs().size()).stream()
            .flatMap(value -> Structure.leaves(value).stream())
            .toList();
    for (int i = 0; i < leaves.size(); i++) {
      if (types.get(i) == null && leaves.get(i).equals(after.get(i))) {
        continue;
      }
      ValueMeta type = join(i, read, after.get(i));
      changed |= !type.equals(types.set(i, type));
      changed |= takeWrite(read, given.get(i), i);
    }
    for (Map.Entry<Storage, Arg.Value> write : read.written().entrySet()) {
      ValueMeta before =
          written.getOrDefault(
              write.getKey(), context.builder().metaOf(write.getKey().content().name()));
      ValueMeta now = join(before, BlockTypes.of(context, read.builder(), write.getValue()));
      changed |= !now.equals(written.put(write.getKey(), now));
    }
    return changed;
  }

  /** The type of a leaf that the body hands on as {@code after}. */
  private ValueMeta join(int i, BlockBody read, JitValue after) {
    boolean isUnset = leaves.get(i) instanceof JitValue.Unset;
    if (!BlockBody.isPassable(after) || initial.get(i) == null && !isUnset) {
      throw context.refuse(
          "a loop that depends on data carries a string or object that changes, not supported");
    }
    ValueMeta now = BlockTypes.of(context, read.builder(), read.args().get(after));
    if (types.get(i) != null) {
      return join(types.get(i), now);
    }
    return isUnset ? now : join(BlockTypes.of(context, context.builder(), initial.get(i)), now);
  }

  private ValueMeta join(ValueMeta before, ValueMeta after) {
    return BlockTypes.common(before, after)
        .orElseThrow(() -> context.refuse(UNSETTLED + ": " + before + ", then " + after));
  }

  /**
   * If the body writes to a carried tensor, it writes to the one given to the first round: nobody
   * may read that any more.
   */
  private boolean takeWrite(BlockBody read, JitValue given, int i) {
    if (!(given instanceof JitValue.Tensor(TensorRef inside))
        || !inside.storage().isWritten()
        || !mutated.add(i)) {
      return false;
    }
    Set<Storage> seen = new HashSet<>();
    for (JitValue value : read.values()) {
      for (JitValue leaf : Structure.leaves(value)) {
        if (leaf instanceof JitValue.Tensor(TensorRef ref)
            && (ref.storage().level() <= context.level() || !seen.add(ref.storage()))) {
          throw context.refuse(
              "a loop that depends on data writes in place to tensors that share memory");
        }
      }
    }
    if (leaves.get(i) instanceof JitValue.Tensor(TensorRef outside)) {
      if (outside.storage().owner() != Storage.Owner.GRAPH) {
        throw context.refuse(
            "a loop that depends on data writes in place to '" + outside.storage().name() + "'");
      }
      memory.poison(
          outside.storage(),
          "a tensor is read that a loop which depends on data has written to in place; clone it"
              + " before the loop");
    }
    return true;
  }

  private List<JitValue> append(List<Arg> head, BlockBody read) {
    List<Arg> args = new ArrayList<>(head);
    List<Arg> outputs = new ArrayList<>();
    outputs.add(read.args().get(read.values().getFirst()));
    List<ValueMeta> all = new ArrayList<>();
    List<JitValue> after = yielded(read);
    for (int i = 0; i < leaves.size(); i++) {
      if (types.get(i) != null) {
        args.add(
            leaves.get(i) instanceof JitValue.Unset
                ? BlockTypes.filler(context, context.builder(), types.get(i))
                : initial.get(i));
        outputs.add(read.args().get(after.get(i)));
        all.add(types.get(i));
      }
    }
    written.forEach(
        (storage, type) -> {
          args.add(storage.content());
          outputs.add(read.written().getOrDefault(storage, storage.content()));
          all.add(type);
        });
    List<Arg> results =
        context
            .builder()
            .append(
                OpTarget.parse("prim::Loop"),
                args,
                all,
                List.of(read.builder().build(outputs)),
                context.source);
    List<JitValue> values = new ArrayList<>(leaves);
    int k = 0;
    for (int i = 0; i < leaves.size(); i++) {
      if (types.get(i) != null) {
        values.set(i, tensors.value(results.get(k++)));
        if (values.get(i) instanceof JitValue.Tensor(TensorRef made)
            && leaves.get(i) instanceof JitValue.Tensor(TensorRef before)) {
          memory.doubt(made.storage(), before.storage());
        }
      }
    }
    for (Storage storage : written.keySet()) {
      memory.put(storage, (Arg.Value) results.get(k++));
    }
    return rebuilt(values);
  }
}
