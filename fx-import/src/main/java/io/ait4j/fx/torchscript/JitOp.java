package io.ait4j.fx.torchscript;

import io.ait4j.fx.OpTarget;
import java.util.List;

/**
 * A node of a TorchScript graph.
 *
 * @param target the operator with the overload that TorchScript chose; for its own syntax ({@code
 *     prim::GetAttr}) the kind
 * @param inputs ids of values
 * @param name the attribute {@code name} of GetAttr, SetAttr and CallMethod, else empty
 * @param fields of a named tuple that it makes, else none
 * @param constant of {@code prim::Constant}, else null
 * @param nondeterministic whether it draws random numbers
 * @param source where the user wrote it, {@code file.py:12}; empty if not recorded
 */
record JitOp(
    OpTarget target,
    List<Long> inputs,
    List<JitPort> outputs,
    List<JitGraph> blocks,
    String name,
    List<String> fields,
    JitValue constant,
    boolean nondeterministic,
    String source) {
  String kind() {
    return target.qualifiedName();
  }
}
