package io.ait4j.fx.torchscript;

import io.ait4j.fx.OpTarget;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.BlockArrayRef;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.FunctionType;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.GraphFunction;
import org.bytedeco.pytorch.IValueOptional;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.StringViewVectorOptional;
import org.bytedeco.pytorch.TupleType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueArrayRef;
import org.bytedeco.pytorch.global.torch;

/** Copies libtorch's graphs into records. */
final class JitGraphReader {
  private final Constants constants;

  JitGraphReader(Constants constants) {
    this.constants = constants;
  }

  JitGraph read(Graph graph) {
    try (PointerScope scope = new PointerScope()) {
      return read(graph.block(), new JitText(graph.toString()));
    }
  }

  private JitGraph read(Block block, JitText text) {
    List<JitOp> ops = new ArrayList<>();
    // A list's iterators never compare equal through JavaCPP, so the nodes are walked by hand.
    JitNode end = block.return_node();
    for (JitNode node = block.param_node().next(); !node.equals(end); node = node.next()) {
      ops.add(read(node, text));
    }
    List<JitPort> inputs = ports(block.inputs());
    return new JitGraph(inputs, ops, ids(block.outputs()));
  }

  private JitOp read(JitNode node, JitText text) {
    OpTarget target = target(node);
    JitText.Line line = text.next(node.kind().toQualString().getString());
    List<JitGraph> blocks = new ArrayList<>();
    BlockArrayRef bodies = node.blocks();
    for (long i = 0; i < bodies.size(); i++) {
      blocks.add(read(bodies.at(i), text));
    }
    return new JitOp(
        target,
        ids(node.inputs()),
        ports(node.outputs()),
        blocks,
        line.name(),
        fields(node, target),
        target.qualifiedName().equals("prim::Constant") ? constant(node) : null,
        node.isNondeterministic(),
        line.source());
  }

  private static OpTarget target(JitNode node) {
    OpTarget kind = OpTarget.parse(node.kind().toQualString().getString());
    FunctionSchema schema = node.maybeSchema();
    return Libtorch.isNull(schema)
        ? kind
        : new OpTarget(kind.namespace(), kind.name(), Libtorch.string(schema.overload_name()));
  }

  private JitValue constant(JitNode node) {
    Value output = node.output(0);
    Type type = output.type().get();
    if (type.kind().intern() == torch.TypeKind.FunctionType) {
      GraphFunction function = torch.tryToGraphFunction(new FunctionType(type).function());
      if (Libtorch.isNull(function)) {
        return JitValue.NONE;
      }
      return new JitValue.Callable(read(function.graph()), Libtorch.string(function.name()));
    }
    IValueOptional value = torch.toIValue(output);
    return value.has_value() ? constants.read(value.get(), "constant") : JitValue.NONE;
  }

  /** The field names of the named tuple that a node makes, else none. */
  private static List<String> fields(JitNode node, OpTarget target) {
    if (!target.qualifiedName().equals("prim::TupleConstruct")) {
      return List.of();
    }
    StringViewVectorOptional names = new TupleType(node.output(0).type().get()).names();
    if (!names.has_value()) {
      return List.of();
    }
    List<String> fields = new ArrayList<>();
    for (long i = 0; i < names.get().size(); i++) {
      fields.add(Libtorch.string(names.get().get(i)));
    }
    return List.copyOf(fields);
  }

  private static List<JitPort> ports(ValueArrayRef values) {
    List<JitPort> ports = new ArrayList<>();
    for (long i = 0; i < values.size(); i++) {
      Value value = values.at(i);
      ports.add(
          new JitPort(
              value.unique(), value.debugName().getString(), value.type().get().str().getString()));
    }
    return List.copyOf(ports);
  }

  private static List<Long> ids(ValueArrayRef values) {
    List<Long> ids = new ArrayList<>();
    for (long i = 0; i < values.size(); i++) {
      ids.add(values.at(i).unique());
    }
    return List.copyOf(ids);
  }
}
