package io.ait4j.fx.export;

import io.ait4j.fx.DType;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.torchscript.GraphOracle;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Imports exported programs of one's own: every value is typed and typed as the file says; run in
 * libtorch, every value is of its type and the outputs are those recorded. {@code ExportZooCheck
 * FILE.pt2...}, each beside its {@code io.safetensors} ({@code input0}..., {@code output0}...), or
 * {@code io_batch2.safetensors} if its name says that it is dynamic.
 */
final class ExportZooCheck {
  private ExportZooCheck() {}

  public static void main(String[] args) {
    int failed = 0;
    for (String file : args) {
      String result;
      try {
        result = check(Path.of(file));
      } catch (Throwable e) {
        result = "FAILED " + e;
      }
      failed += result.startsWith("ok") ? 0 : 1;
      System.out.println(file + ": " + result);
    }
    System.out.println(args.length - failed + " of " + args.length);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static String check(Path file) throws Exception {
    List<String> problems = new ArrayList<>();
    long[] values = {0};
    TypeObserver observer =
        (name, target, inferred, fromFile) -> {
          values[0]++;
          if (!(inferred instanceof TensorMeta meta) || fromFile == null) {
            problems.add(name + " (" + target + ") is of unknown type");
          } else if (!meta.shape().equals(fromFile.shape()) || !sameStrides(meta, fromFile)) {
            problems.add(
                "%s (%s) is %s %s, by the file %s %s"
                    .formatted(
                        name,
                        target,
                        meta.shape(),
                        meta.strides(),
                        fromFile.shape(),
                        fromFile.strides()));
          }
        };
    ExportReader.read(file, List.of(), observer).close();
    double error;
    Path recorded = file.resolveSibling("io_batch2.safetensors");
    boolean isDynamic = file.toString().contains("dynamic") && Files.exists(recorded);
    try (Arena arena = Arena.ofConfined();
        NoGradGuard guard = new NoGradGuard();
        PointerScope scope = new PointerScope()) {
      Map<String, NativeTensor> io =
          Safetensors.read(isDynamic ? recorded : file.resolveSibling("io.safetensors"), arena)
              .tensors();
      List<InputSpec> specs = new ArrayList<>();
      List<IValue> inputs = new ArrayList<>();
      for (int i = 0; io.containsKey("input" + i); i++) {
        specs.add(new InputSpec(null, io.get("input" + i).meta()));
        inputs.add(new IValue(tensor(io.get("input" + i))));
      }
      try (ImportedModel model = ExportReader.read(file, specs)) {
        GraphOracle oracle = new GraphOracle();
        List<IValue> outputs = oracle.run(model.graph(), inputs);
        oracle.disagreements().forEach(d -> problems.add(d.toString()));
        error = 0;
        for (int i = 0; io.containsKey("output" + i); i++) {
          error = Math.max(error, error(outputs.get(i).toTensor(), tensor(io.get("output" + i))));
        }
      }
    }
    return "%s %d values, error %.1e%s"
        .formatted(
            problems.isEmpty() && error < 1e-5 ? "ok" : "WRONG",
            values[0],
            error,
            problems.isEmpty() ? "" : " " + problems);
  }

  private static boolean sameStrides(TensorMeta a, TensorMeta b) {
    for (int i = 0; i < a.rank(); i++) {
      if (!a.shape().get(i).is(1) && !a.strides().get(i).equals(b.strides().get(i))) {
        return a.numel().is(0);
      }
    }
    return true;
  }

  private static double error(Tensor actual, Tensor expected) {
    if (!java.util.Arrays.equals(actual.shape(), expected.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    Tensor wanted = expected.to(torch.ScalarType.Double);
    double norm = wanted.norm().item_double();
    double difference = actual.to(torch.ScalarType.Double).sub(wanted).norm().item_double();
    return difference == 0 ? 0 : difference / norm;
  }

  private static Tensor tensor(NativeTensor tensor) {
    Pointer data =
        new Pointer((Pointer) null) {
          {
            address = tensor.data().address();
          }
        };
    return torch
        .from_blob(data, tensor.sizes(), new TensorOptions(type(tensor.dtype())))
        .as_strided(tensor.sizes(), tensor.strides());
  }

  private static torch.ScalarType type(DType dtype) {
    return torch.ScalarType.values()[dtype.atenCode()].intern();
  }
}
