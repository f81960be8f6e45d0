package io.ait4j.fx.torchscript;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.UnprovenEquality;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.Storage;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;

/** Reads models saved by {@code torch.jit.trace} or {@code torch.jit.script}. */
public final class TorchScriptReader {
  private TorchScriptReader() {}

  /**
   * Reads a model for inputs of these types, in eval mode.
   *
   * @param file a TorchScript archive
   * @param inputs one for each tensor the model takes, in its order or by name
   * @throws ModelException IMPORT if the file is not TorchScript or holds what is not supported
   *     (naming it and its place in the source); USAGE if the inputs are not those the model takes
   */
  public static ImportedModel read(Path file, List<InputSpec> inputs) {
    LoadedModule loaded = TorchScriptFile.load(file);
    FileWeights weights = loaded.weights();
    ImportedModel model = null;
    try (JitModule module = loaded.module()) {
      model = read(module, weights, inputs);
      weights.awaitVerified();
      ImportedModel read = model;
      return new ImportedModel(
          read.graph(),
          () -> {
            read.close();
            weights.close();
          });
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      weights.close();
      throw e;
    }
  }

  /** Reads a loaded module; the weights of the result outlive it. */
  static ImportedModel read(JitModule module, List<InputSpec> inputs) {
    return read(module, FileWeights.NONE, inputs);
  }

  private static ImportedModel read(JitModule module, FileWeights weights, List<InputSpec> inputs) {
    List<InputSpec> specs = inputs;
    while (true) {
      try {
        return readOnce(module, weights, specs);
      } catch (UnprovenEquality e) {
        Map<Dim.Symbol, Dim> merged =
            Equations.merge(e, Symbols.in(specs)).orElseThrow(() -> Equations.refusal(e));
        // Fewer symbols each time, so this ends.
        specs =
            specs.stream()
                .map(spec -> new InputSpec(spec.name(), Symbols.replaced(spec.meta(), merged)))
                .toList();
      }
    }
  }

  private static ImportedModel readOnce(
      JitModule module, FileWeights weights, List<InputSpec> inputs) {
    Arena arena = Arena.ofShared();
    AutoCloseable storage =
        () -> {
          if (arena.scope().isAlive()) {
            arena.close();
          }
        };
    FxGraphBuilder builder = new FxGraphBuilder(new LibtorchTyper());
    Context context = new Context(builder);
    Memory memory = new Memory(context);
    Guards guards = new Guards(context);
    Constants constants =
        new Constants(
            arena,
            weights,
            weight ->
                new JitValue.Tensor(
                    memory.owned(Storage.Owner.WEIGHTS, weight.name(), builder.attribute(weight))));
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      module.eval();
      Interpreter interpreter = new Interpreter(context, memory, constants, guards);
      JitValue.Module root = new JitValue.Module(module, "");
      List<JitValue> args =
          new ModuleInputs(context, memory).bind(interpreter.method(root, "forward"), inputs);
      List<Arg> outputs = new ArrayList<>();
      for (JitValue result : interpreter.call(root, "forward", args)) {
        flatten(context, interpreter, result, outputs);
      }
      GraphSignature signature = new GraphSignature(List.of(), List.of(), List.of(), guards.all());
      return new ImportedModel(builder.build(outputs).withSignature(signature), storage);
    } catch (ModelException e) {
      arena.close();
      throw e;
    } catch (RuntimeException e) {
      arena.close();
      throw context.refuse(
          "the model cannot be read: " + Libtorch.firstLine(String.valueOf(e.getMessage())), e);
    } finally {
      constants.release();
    }
  }

  private static void flatten(
      Context context, Interpreter interpreter, JitValue value, List<Arg> outputs) {
    switch (value) {
      case JitValue.Tuple tuple ->
          tuple.elements().forEach(e -> flatten(context, interpreter, e, outputs));
      case JitValue.Items items ->
          items.elements().forEach(e -> flatten(context, interpreter, e, outputs));
      case JitValue.Table table ->
          table.entries().values().forEach(e -> flatten(context, interpreter, e, outputs));
      case JitValue.Leaf(Arg arg) when arg instanceof Arg.None -> {}
      case JitValue.Module m -> throw context.refuse("the model returns a module");
      case JitValue.Instance i -> throw context.refuse("the model returns an object");
      case JitValue.Callable c -> throw context.refuse("the model returns a function");
      case JitValue other -> outputs.add(interpreter.arg(other));
    }
  }
}
