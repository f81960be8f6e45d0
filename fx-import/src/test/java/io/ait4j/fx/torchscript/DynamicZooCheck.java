package io.ait4j.fx.torchscript;

import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Imports models of one's own with the first dimension of every input open, and compares them with
 * libtorch at several sizes of it: {@code DynamicZooCheck FOLDER...}, as for {@link ZooCheck}.
 */
final class DynamicZooCheck {
  private static final long LARGEST = 5;

  private DynamicZooCheck() {}

  public static void main(String[] args) {
    int axis = args[0].matches("\\d") ? Integer.parseInt(args[0]) : 0;
    for (String folder : args) {
      if (folder.matches("\\d")) {
        continue;
      }
      String result;
      try {
        result = check(Path.of(folder), axis);
      } catch (Throwable e) {
        result = "FAILED " + e;
      }
      System.out.println(Path.of(folder).getFileName() + ": " + result);
    }
  }

  private static String check(Path folder, int axis) throws Exception {
    try (Arena arena = Arena.ofConfined();
        NoGradGuard guard = new NoGradGuard()) {
      Map<String, NativeTensor> io =
          Safetensors.read(folder.resolve("io.safetensors"), arena).tensors();
      List<NativeTensor> samples = new ArrayList<>();
      List<InputSpec> specs = new ArrayList<>();
      for (int i = 0; io.containsKey("input" + i); i++) {
        samples.add(io.get("input" + i));
        TensorMeta meta = samples.getLast().meta();
        List<Dim> shape = new ArrayList<>(meta.shape());
        if (axis < shape.size()) {
          long size = shape.get(axis).value();
          shape.set(
              axis,
              axis == 0
                  ? Dim.symbol("size" + i, 1, LARGEST)
                  : Dim.symbol("size" + i, Math.max(1, size / 2), size + 3));
        }
        specs.add(new InputSpec(null, TensorMeta.contiguous(meta.dtype(), shape)));
      }
      long start = System.nanoTime();
      try (ImportedModel model = TorchScriptReader.read(folder.resolve("model.pt"), specs);
          PointerScope scope = new PointerScope()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        JitModule original = torch.load(folder.resolve("model.pt").toString());
        original.eval();
        StringBuilder said = new StringBuilder();
        long sampled = samples.getFirst().sizes()[axis];
        long[] sizes =
            axis == 0
                ? new long[] {1, 3, LARGEST}
                : new long[] {Math.max(1, sampled / 2), sampled - 1, sampled, sampled + 3};
        for (long size : sizes) {
          said.append(' ')
              .append(size)
              .append(":")
              .append(at(size, axis, model.graph(), original, samples));
        }
        return "open %.2fs guards %s nodes %d%s"
            .formatted(
                seconds, model.graph().signature().guards(), model.graph().nodes().size(), said);
      } catch (ModelException e) {
        return "refused: " + e.getMessage();
      }
    }
  }

  private static String at(
      long size, int axis, FxGraph graph, JitModule original, List<NativeTensor> samples) {
    Map<String, Long> sizes = new java.util.HashMap<>();
    for (FxValue input : graph.inputs()) {
      for (Dim dim : input.tensor().shape()) {
        for (Dim.Symbol symbol : dim.symbols()) {
          long factor = dim.coefficient(symbol).orElseThrow().value();
          if ((size - dim.constantTerm()) % factor != 0) {
            return "(no " + dim + ")";
          }
          sizes.put(symbol.name(), (size - dim.constantTerm()) / factor);
        }
      }
    }
    IValueVector given = new IValueVector();
    List<IValue> own = new ArrayList<>();
    for (NativeTensor sample : samples) {
      Tensor rows = ZooCheck.tensor(sample);
      Tensor pick =
          torch
              .arange(new Scalar(size), new TensorOptions(torch.ScalarType.Long))
              .remainder(new Scalar(rows.size(axis)));
      Tensor input = rows.index_select(axis, pick);
      given.push_back(new IValue(input.clone()));
      own.add(new IValue(input));
    }
    List<Tensor> expected = new ArrayList<>();
    try {
      ZooCheck.flatten(original.forward(given), expected);
    } catch (RuntimeException e) {
      List<String> lines = e.getMessage().lines().filter(l -> l.contains("Error")).toList();
      return "(libtorch refuses: " + lines.getLast() + ")";
    }
    GraphOracle oracle = new GraphOracle(size > 1);
    List<IValue> outputs = oracle.run(Specialised.at(graph, sizes), own);
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      worst = Math.max(worst, ZooCheck.distance(outputs.get(i).toTensor(), expected.get(i)));
    }
    return "%s%.0e%s"
        .formatted(
            worst < 1e-5 ? "ok " : "WRONG ",
            worst,
            oracle.disagreements().isEmpty() ? "" : oracle.disagreements().toString());
  }
}
