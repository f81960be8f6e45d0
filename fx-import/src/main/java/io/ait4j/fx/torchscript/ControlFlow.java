package io.ait4j.fx.torchscript;

import static java.util.stream.Collectors.joining;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Guard;
import io.ait4j.fx.ModelException;
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
  private final Guards guards;

  ControlFlow(
      Context context, Memory memory, TensorOps tensors, Interpreter interpreter, Guards guards) {
    this.context = context;
    this.memory = memory;
    this.tensors = tensors;
    this.interpreter = interpreter;
    this.guards = guards;
  }

  List<JitValue> branch(JitOp op, List<JitValue> in, Map<Long, JitValue> env, String path) {
    if (in.getFirst() instanceof JitValue.Leaf(Arg.Bool(boolean taken))) {
      return interpreter.walk(op.blocks().get(taken ? 0 : 1), new HashMap<>(env), path);
    }
    if (in.getFirst() instanceof JitValue.SizeTests tests) {
      return bySize(op, tests, env, path);
    }
    for (int taken = 0; taken < 2; taken++) {
      // As torch.export does, an assertion on data is left out: a graph computes, it does not
      // check.
      if (raises(op.blocks().get(1 - taken))) {
        return interpreter.walk(op.blocks().get(taken), new HashMap<>(env), path);
      }
    }
    return joined(op, in.getFirst(), env, path);
  }

  /**
   * A branch that the sizes of the inputs decide. If one side raises an exception, the other is the
   * model's, and what leads to it a guard; else both are read.
   */
  private List<JitValue> bySize(
      JitOp op, JitValue.SizeTests tests, Map<Long, JitValue> env, String path) {
    JitGraph yes = op.blocks().get(0);
    JitGraph no = op.blocks().get(1);
    if (raises(no)) {
      tests.all().forEach(guards::require);
      return interpreter.walk(yes, new HashMap<>(env), path);
    }
    if (raises(yes) && tests.all().size() == 1) {
      guards.require(tests.all().getFirst().negated());
      return interpreter.walk(no, new HashMap<>(env), path);
    }
    if (yes.outputs().size() == 1 && no.ops().isEmpty() && isPure(yes)) {
      // Python's `and`.
      JitValue other = env.get(no.outputs().getFirst());
      if (JitValue.of(false).equals(other)) {
        JitValue more = interpreter.walk(yes, new HashMap<>(env), path).getFirst();
        JitValue both = SymbolicSizes.and(List.of(tests, more));
        if (both != null) {
          return List.of(both);
        }
      }
    }
    String source = context.source;
    try {
      return joined(op, tests, env, path);
    } catch (ModelException e) {
      context.source = source;
      throw context.refuse(
          "which branch the model takes depends on whether %s, and the reader cannot keep both (%s);"
                  .formatted(
                      tests.all().stream().map(Guard::toString).collect(joining(" and ")),
                      e.getMessage())
              + " declare a narrower range of sizes that decides it",
          e);
    }
  }

  private static boolean raises(JitGraph block) {
    return block.ops().stream().anyMatch(op -> op.kind().equals("prim::RaiseException"));
  }

  /** Whether nothing in a block could write or has a block of its own. */
  private static boolean isPure(JitGraph block) {
    return block.ops().stream()
        .allMatch(
            op ->
                op.blocks().isEmpty()
                    && !op.kind().startsWith("prim::Call")
                    && !op.kind().endsWith("_")
                    && op.outputs().stream().noneMatch(o -> o.type().startsWith("Tensor")));
  }

  private List<JitValue> joined(JitOp op, JitValue truth, Map<Long, JitValue> env, String path) {
    String source = context.source;
    Arg condition = tensors.arg(truth);
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
