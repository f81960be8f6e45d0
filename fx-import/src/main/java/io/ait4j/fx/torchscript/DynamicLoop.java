package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import io.ait4j.fx.memory.TensorRef;
import java.util.ArrayList;
import java.util.HashSet;
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
    List<Integer> passed = new ArrayList<>();
    List<Arg> initial = new ArrayList<>();
    List<ValueMeta> types = new ArrayList<>();
    for (int i = 0; i < carried.size(); i++) {
      boolean number =
          carried.get(i) instanceof JitValue.Leaf(Arg arg)
              && !(arg instanceof Arg.None || arg instanceof Arg.Str || arg instanceof Arg.Device);
      if (number
          || carried.get(i) instanceof JitValue.Tensor
          || carried.get(i) instanceof JitValue.TensorNumber) {
        passed.add(i);
        initial.add(tensors.arg(carried.get(i)));
        types.add(BlockBody.type(context, context.builder(), initial.getLast()));
      }
    }
    List<Arg> head = List.of(remaining(count, done), tensors.arg(condition));

    Map<Storage, ValueMeta> written = new LinkedHashMap<>();
    Set<Integer> mutated = new HashSet<>();
    BlockBody read;
    for (int attempt = 0; ; attempt++) {
      if (attempt > 8) {
        throw context.refuse(UNSETTLED);
      }
      context.source = source;
      read = readBody(done, carried, passed, types, written);
      if (!widen(read, carried, passed, types, written, mutated)) {
        break;
      }
    }
    context.source = source;
    return append(head, initial, read, carried, passed, types, written);
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

  private BlockBody readBody(
      long done,
      List<JitValue> carried,
      List<Integer> passed,
      List<ValueMeta> types,
      Map<Storage, ValueMeta> written) {
    return BlockBody.read(
        context,
        interpreter,
        builder -> {
          List<JitValue> inputs = new ArrayList<>();
          inputs.add(round(builder, done));
          List<JitValue> inside = new ArrayList<>(carried);
          for (int k = 0; k < passed.size(); k++) {
            JitPort port = body.inputs().get(passed.get(k) + 1);
            inside.set(passed.get(k), tensors.value(builder.input(port.name(), types.get(k))));
          }
          inputs.addAll(inside);
          written.forEach((storage, type) -> memory.put(storage, builder.input("written", type)));
          return inputs;
        },
        inputs ->
            interpreter.walk(
                body,
                ControlFlow.bind(body, inputs.getFirst(), inputs.subList(1, inputs.size()), env),
                path));
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

  /** Takes in what a reading of the body shows; true if that calls for another. */
  private boolean widen(
      BlockBody read,
      List<JitValue> carried,
      List<Integer> passed,
      List<ValueMeta> types,
      Map<Storage, ValueMeta> written,
      Set<Integer> mutated) {
    boolean changed = false;
    for (int i = 0; i < carried.size(); i++) {
      if (!passed.contains(i) && !carried.get(i).equals(read.values().get(i + 1))) {
        throw context.refuse(
            "a loop that depends on data carries a list or object that changes, not supported");
      }
    }
    for (int k = 0; k < passed.size(); k++) {
      ValueMeta type = join(types.get(k), read, read.args().get(passed.get(k) + 1));
      changed |= !type.equals(types.set(k, type));
      changed |= takeWrite(read, carried, passed.get(k), mutated);
    }
    for (Map.Entry<Storage, Arg.Value> write : read.written().entrySet()) {
      ValueMeta before =
          written.getOrDefault(
              write.getKey(), context.builder().metaOf(write.getKey().content().name()));
      ValueMeta after = join(before, read, write.getValue());
      changed |= !after.equals(written.put(write.getKey(), after));
    }
    return changed;
  }

  private ValueMeta join(ValueMeta before, BlockBody read, Arg value) {
    ValueMeta after = BlockBody.type(context, read.builder(), value);
    if (before.equals(after)) {
      return before;
    }
    boolean tensors = isTensor(before) && isTensor(after);
    if (!tensors) {
      throw context.refuse(UNSETTLED + ": " + before + ", then " + after);
    }
    return new ValueMeta.Opaque("Tensor");
  }

  private static boolean isTensor(ValueMeta type) {
    return type instanceof TensorMeta
        || type instanceof ValueMeta.Opaque(String name) && name.equals("Tensor");
  }

  /**
   * If the body writes to a carried tensor, it writes to the one given to the first round: nobody
   * may read that any more.
   */
  private boolean takeWrite(BlockBody read, List<JitValue> carried, int i, Set<Integer> mutated) {
    if (!(read.inputs().get(i + 1) instanceof JitValue.Tensor(TensorRef inside))
        || !inside.storage().isWritten()
        || !mutated.add(i)) {
      return false;
    }
    Set<Storage> seen = new HashSet<>();
    for (JitValue value : read.values()) {
      if (value instanceof JitValue.Tensor(TensorRef ref)
          && (ref.storage().level() <= context.level() || !seen.add(ref.storage()))) {
        throw context.refuse(
            "a loop that depends on data writes in place to tensors that share memory");
      }
    }
    if (carried.get(i) instanceof JitValue.Tensor(TensorRef outside)) {
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

  private List<JitValue> append(
      List<Arg> head,
      List<Arg> initial,
      BlockBody read,
      List<JitValue> carried,
      List<Integer> passed,
      List<ValueMeta> types,
      Map<Storage, ValueMeta> written) {
    List<Arg> args = new ArrayList<>(head);
    args.addAll(initial);
    List<Arg> outputs = new ArrayList<>();
    outputs.add(read.args().getFirst());
    passed.forEach(i -> outputs.add(read.args().get(i + 1)));
    List<ValueMeta> all = new ArrayList<>(types);
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
    List<JitValue> values = new ArrayList<>(carried);
    for (int k = 0; k < passed.size(); k++) {
      JitValue result = tensors.value(results.get(k));
      if (result instanceof JitValue.Tensor(TensorRef made)
          && carried.get(passed.get(k)) instanceof JitValue.Tensor(TensorRef before)) {
        memory.doubt(made.storage(), before.storage());
      }
      values.set(passed.get(k), result);
    }
    int k = passed.size();
    for (Storage storage : written.keySet()) {
      memory.put(storage, (Arg.Value) results.get(k++));
    }
    return values;
  }
}
