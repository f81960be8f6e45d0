package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code prim::If} and {@code prim::Loop}: taken or unrolled where the condition is known, else one
 * node whose blocks also hand out the tensors that they write.
 */
final class ControlFlow {
  private static final int MOST_UNROLLED = 10_000;

  private final Context context;
  private final Memory memory;
  private final TensorOps tensors;
  private final Interpreter interpreter;

  ControlFlow(Context context, Memory memory, TensorOps tensors, Interpreter interpreter) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
    this.interpreter = interpreter;
  }

  List<JitValue> branch(JitOp op, List<JitValue> in, Map<Long, JitValue> env, String path) {
    if (in.getFirst() instanceof JitValue.Leaf(Arg.Bool(boolean taken))) {
      return interpreter.walk(op.blocks().get(taken ? 0 : 1), new HashMap<>(env), path);
    }
    String source = context.source;
    Arg condition = tensors.arg(in.getFirst());
    List<BlockBody> bodies = new ArrayList<>();
    for (JitGraph block : op.blocks()) {
      bodies.add(
          BlockBody.read(
              context,
              interpreter,
              builder -> List.of(),
              none -> interpreter.walk(block, new HashMap<>(env), path)));
    }
    context.source = source;
    return new DynamicBranch(context, memory, tensors)
        .join(condition, bodies.get(0), bodies.get(1));
  }

  List<JitValue> loop(JitOp op, List<JitValue> in, Map<Long, JitValue> env, String path) {
    JitGraph body = op.blocks().getFirst();
    List<JitValue> carried = new ArrayList<>(in.subList(2, in.size()));
    JitValue condition = in.get(1);
    String source = context.source;
    for (long i = 0; ; i++) {
      if (!(in.getFirst() instanceof JitValue.Leaf(Arg.Int(long count)))
          || !(condition instanceof JitValue.Leaf(Arg.Bool(boolean goOn)))) {
        context.source = source;
        return new DynamicLoop(context, memory, tensors, interpreter, body, path, env)
            .read(in.getFirst(), i, condition, carried);
      }
      if (!goOn || i >= count) {
        return carried;
      }
      if (i >= MOST_UNROLLED) {
        throw context.refuse("a loop of more than " + MOST_UNROLLED + " rounds is not unrolled");
      }
      List<JitValue> next = round(body, JitValue.of(i), carried, env, path);
      condition = next.getFirst();
      carried = new ArrayList<>(next.subList(1, next.size()));
    }
  }

  private List<JitValue> round(
      JitGraph body, JitValue i, List<JitValue> carried, Map<Long, JitValue> env, String path) {
    return interpreter.walk(body, bind(body, i, carried, env), path);
  }

  /** The environment of one round of a loop. */
  static Map<Long, JitValue> bind(
      JitGraph body, JitValue i, List<JitValue> carried, Map<Long, JitValue> env) {
    Map<Long, JitValue> inner = new HashMap<>(env);
    inner.put(body.inputs().getFirst().id(), i);
    for (int k = 0; k < carried.size(); k++) {
      inner.put(body.inputs().get(k + 1).id(), carried.get(k));
    }
    return inner;
  }
}
