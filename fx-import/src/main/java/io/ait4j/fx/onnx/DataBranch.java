package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.OpTarget;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.fx.onnx.proto.GraphMessage;
import java.util.ArrayList;
import java.util.List;

/** An If whose condition depends on data: one node with both branches, which runs on libtorch. */
record DataBranch(OnnxCall call, GraphImport graphs, OnnxOpsets opsets, Scope scope) {
  private record Branch(Emission out, List<Arg> results) {
    FxGraph graph() {
      return out.builder().build(results);
    }
  }

  static DataBranch of(OnnxCall call, GraphImport graphs, OnnxOpsets opsets, Scope scope) {
    return new DataBranch(call, graphs, opsets, scope);
  }

  List<OnnxValue> join(GraphMessage yes, GraphMessage no) {
    Arg condition =
        call.out()
            .emit("aten::Bool.Tensor", List.of(call.tensor(0)), call.node().label())
            .getFirst();
    Branch first = branch(yes);
    Branch second = branch(no);
    if (first.results.size() != second.results.size()) {
      throw call.error(
          "its branches yield %d and %d values; export the model anew"
              .formatted(first.results.size(), second.results.size()));
    }
    List<ValueMeta> types = new ArrayList<>();
    for (int i = 0; i < first.results.size(); i++) {
      TensorMeta one = first.out.builder().meta(first.results.get(i));
      TensorMeta other = second.out.builder().meta(second.results.get(i));
      if (!one.equals(other)) {
        throw call.unsupported("a branch on data that yields %s or %s".formatted(one, other));
      }
      types.add(one);
    }
    List<Arg> results =
        call.out()
            .builder()
            .append(
                OpTarget.parse("prim::If"),
                List.of(condition),
                types,
                List.of(first.graph(), second.graph()),
                call.node().label());
    return results.stream().map(call.out()::value).toList();
  }

  /** Its results row-major and its own, so that both branches yield the same. */
  private Branch branch(GraphMessage graph) {
    Emission out = call.out().block();
    List<OnnxValue> values =
        graphs.within(out).block(graph, opsets, new Scope(scope), call.attributes().enclosing());
    List<Arg> results = new ArrayList<>();
    for (OnnxValue value : values) {
      results.add(
          out.emit(
                  "aten::clone",
                  List.of(out.tensor(value), new Arg.MemoryFormat("contiguous_format")),
                  call.node().label())
              .getFirst());
    }
    return new Branch(out, results);
  }
}
