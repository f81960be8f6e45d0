package io.ait4j.lower.bench;

import io.ait4j.fallback.ScriptModule.Preparation;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Another runtime to time beside.
 *
 * @param model what it loads; the file beside the model in its format if empty
 */
public record Peer(Runtime runtime, Optional<Path> model) {
  /** What there is. */
  public enum Runtime {
    /** libtorch's TorchScript interpreter, the module as it was saved. */
    LIBTORCH("libtorch", "model.pt"),
    /** After {@code torch::jit::freeze}. */
    LIBTORCH_FROZEN("libtorch-frozen", "model.pt"),
    /** After {@code torch::jit::optimize_for_inference}. */
    LIBTORCH_OPTIMIZED("libtorch-optimized", "model.pt"),
    /** ONNX Runtime's CPU provider with all its optimizations; optional on the class path. */
    ONNX_RUNTIME("onnxruntime", "model.onnx");

    private final String text;
    private final String file;

    Runtime(String text, String file) {
      this.text = text;
      this.file = file;
    }

    /** As the command line spells it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Reads {@code NAME} or {@code NAME=FILE}.
   *
   * @throws ModelException (USAGE) if there is no such runtime
   */
  public static Peer parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    for (Runtime runtime : Runtime.values()) {
      if (runtime.text.equals(name)) {
        return new Peer(
            runtime,
            equals < 0 ? Optional.empty() : Optional.of(Path.of(text.substring(equals + 1))));
      }
    }
    throw new ModelException(
        ModelException.Kind.USAGE,
        "--peer %s is unknown; use %s, each with =FILE or for the file beside the model"
            .formatted(
                text,
                Arrays.stream(Runtime.values())
                    .map(Runtime::toString)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * Loads the model into the runtime.
   *
   * @param written the inputs that the model writes to, by their place
   * @param device where ait4j runs, and libtorch with it
   */
  Contender enter(
      BenchTarget target,
      List<NativeTensor> inputs,
      Set<Integer> written,
      int threads,
      Device device) {
    Path file = model.orElseGet(() -> target.beside(runtime.file));
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s: there is no %s for --peer %s; give its file as --peer %s=FILE"
              .formatted(target.name(), file, runtime, runtime));
    }
    return switch (runtime) {
      case LIBTORCH -> script(file, inputs, written, threads, Preparation.AS_SAVED, device);
      case LIBTORCH_FROZEN -> script(file, inputs, written, threads, Preparation.FROZEN, device);
      case LIBTORCH_OPTIMIZED ->
          script(file, inputs, written, threads, Preparation.OPTIMIZED_FOR_INFERENCE, device);
      case ONNX_RUNTIME -> {
        if (!device.isCpu()) {
          throw new ModelException(
              ModelException.Kind.USAGE,
              "--peer onnxruntime runs on the CPU, and %s on %s; leave it out"
                  .formatted(target.name(), device));
        }
        yield onnx(file, inputs, threads);
      }
    };
  }

  private Contender script(
      Path file,
      List<NativeTensor> inputs,
      Set<Integer> written,
      int threads,
      Preparation preparation,
      Device device) {
    return new ScriptContender(runtime.text, file, inputs, written, threads, preparation, device);
  }

  private Contender onnx(Path file, List<NativeTensor> inputs, int threads) {
    try {
      return new OnnxRuntimeContender(runtime.text, file, inputs, threads);
    } catch (LinkageError e) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "ONNX Runtime is not there (%s); put com.microsoft.onnxruntime:onnxruntime on the class path"
              .formatted(e),
          e);
    }
  }
}
