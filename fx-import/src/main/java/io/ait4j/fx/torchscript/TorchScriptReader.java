package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraphBuilder;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.UnprovenEquality;
import io.ait4j.fx.memory.Context;
import io.ait4j.fx.memory.Memory;
import io.ait4j.fx.memory.WrittenWeight;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      weights.awaitCheck();
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
    Set<String> written = new HashSet<>();
    Set<String> growing = new HashSet<>();
    while (true) {
      try {
        return readOnce(module, weights, specs, written, growing);
      } catch (WrittenWeight e) {
        if (!written.add(e.name())) {
          throw e;
        }
      } catch (GrowingList e) {
        if (!growing.add(e.site())) {
          throw e;
        }
      } catch (UnprovenEquality e) {
        Map<Dim.Symbol, Dim> merged =
            Equations.merge(e, Symbols.in(specs))
                .or(() -> Multiples.of(e))
                .orElseThrow(() -> Equations.refusal(e));
        // Fewer symbols each time or a smaller range of one, so this ends.
        specs =
            specs.stream()
                .map(spec -> new InputSpec(spec.name(), Symbols.replaced(spec.meta(), merged)))
                .toList();
      }
    }
  }

  private static ImportedModel readOnce(
      JitModule module,
      FileWeights weights,
      List<InputSpec> inputs,
      Set<String> written,
      Set<String> growing) {
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
    Buffers buffers = new Buffers(context, builder, memory, written);
    Constants constants = new Constants(arena, weights, buffers::bind);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      module.eval();
      Attributes attributes = new Attributes(context, constants);
      Interpreter interpreter =
          new Interpreter(context, memory, constants, attributes, guards, growing);
      JitValue.Module root = new JitValue.Module(module, "");
      ModuleInputs given = new ModuleInputs(context, memory);
      List<JitValue> args =
          given.bind(
              interpreter.method(root, "forward"), interpreter.defaults(root, "forward"), inputs);
      ModuleOutputs outputs = new ModuleOutputs(context, interpreter);
      interpreter.call(root, "forward", args).forEach(outputs::add);
      outputs.addWrites(memory, buffers.states(), attributes, given.tensors());
      return new ImportedModel(
          builder.build(outputs.all()).withSignature(outputs.signature(guards.all())), storage);
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
}
