package io.ait4j.fx.onnx;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Typer;
import io.ait4j.fx.onnx.proto.ModelMessage;
import io.ait4j.fx.onnx.proto.ValueInfoMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads ONNX models: operator sets 13 to 22 of the standard domain, as {@code torch.onnx.export}
 * writes them, functions of the model's own included.
 */
public final class OnnxReader {
  private OnnxReader() {}

  /**
   * Reads a model.
   *
   * <p>Weights are views of the mapped file, under the names of its initialisers; only those that
   * lie misaligned in it are copied. A dimension that the file names ({@code dim_param}) is a
   * symbol of that name.
   *
   * @param file an ONNX model; its external data lie in the same folder or below
   * @param inputs sizes for what the file leaves open: a constant, or a symbol with bounds, for
   *     each dimension; may be empty if the file leaves nothing open
   * @throws ModelException IMPORT if the file is not a valid ONNX model or holds what is not
   *     supported (naming every unknown operator, or the node); USAGE if the inputs are not those
   *     the model takes, or leave a dimension without bounds
   */
  public static ImportedModel read(Path file, List<InputSpec> inputs) {
    OnnxFile opened = OnnxFile.open(file);
    try {
      Emission emission = new Emission(new FxGraphBuilder(Typer.NONE), opened.tensors());
      FxGraph graph = graph(opened.model(), emission, inputs);
      Set<String> settled = new HashSet<>(emission.settled());
      settled.addAll(unread(opened.model(), graph));
      return new ImportedModel(graph, opened, settled);
    } catch (ModelException e) {
      opened.close();
      throw e.getMessage().contains(file.toString())
          ? e
          : new ModelException(e.kind(), file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      opened.close();
      throw new ModelException(
          ModelException.Kind.IMPORT, file + ": the model cannot be read: " + e.getMessage(), e);
    } finally {
      opened.release();
    }
  }

  /** Initialisers that are no weights of the graph. */
  private static Set<String> unread(ModelMessage model, FxGraph graph) {
    Set<String> names = new HashSet<>();
    model.getGraph().getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    graph.weights().values().forEach(weight -> names.remove(weight.name()));
    return names;
  }

  private static FxGraph graph(ModelMessage model, Emission emission, List<InputSpec> specs) {
    OnnxOpsets opsets = OnnxOpsets.of(model.getOpsetImportList());
    ModelFunctions functions = new ModelFunctions(model.getFunctionsList());
    UnknownOperators.check(model.getGraph(), opsets, functions);
    FxGraphBuilder builder = emission.builder();
    GraphImport graph = new GraphImport(emission, functions);
    Scope scope = new Scope(null);
    graph.defineInitializers(model.getGraph(), scope);
    List<ValueInfoMessage> open =
        model.getGraph().getInputList().stream().filter(i -> !scope.has(i.getName())).toList();
    for (InputSpec input : ModelInputs.resolve(open, specs)) {
      Arg.Value value = builder.input(input.name(), input.meta());
      scope.define(input.name(), new OnnxValue.Computed(value, input.meta()), "the graph's inputs");
    }
    List<Arg> outputs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (OnnxValue output : graph.run(model.getGraph(), opsets, scope)) {
      outputs.add(emission.tensor(output));
    }
    model.getGraph().getOutputList().forEach(o -> names.add(o.getName()));
    return builder
        .build(outputs)
        .withSignature(new GraphSignature(names, List.of(), List.of(), List.of()));
  }
}
