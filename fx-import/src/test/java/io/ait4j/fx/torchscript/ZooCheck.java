package io.ait4j.fx.torchscript;

import io.ait4j.fx.FxNode;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Imports models of one's own and holds each against libtorch, value by value: {@code ZooCheck [-v]
 * FOLDER...}, each folder with {@code model.pt} and {@code io.safetensors} ({@code input0}...).
 */
final class ZooCheck {
  private ZooCheck() {}

  public static void main(String[] args) {
    int failed = 0;
    boolean verbose = args.length > 0 && args[0].equals("-v");
    for (String folder : args) {
      if (folder.equals("-v")) {
        continue;
      }
      try {
        String result = check(Path.of(folder), verbose);
        failed += result.startsWith("ok") ? 0 : 1;
        System.out.println(Path.of(folder).getFileName() + ": " + result);
      } catch (Throwable e) {
        failed++;
        System.out.println(Path.of(folder).getFileName() + ": FAILED " + e);
        if (verbose) {
          e.printStackTrace(System.out);
        }
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  private static String check(Path folder, boolean verbose) throws Exception {
    try (Arena arena = Arena.ofConfined();
        NoGradGuard guard = new NoGradGuard()) {
      Map<String, NativeTensor> io =
          Safetensors.read(folder.resolve("io.safetensors"), arena).tensors();
      List<InputSpec> specs = new ArrayList<>();
      List<NativeTensor> inputs = new ArrayList<>();
      for (int i = 0; io.containsKey("input" + i); i++) {
        inputs.add(io.get("input" + i));
        specs.add(new InputSpec(null, inputs.getLast().meta()));
      }
      long start = System.nanoTime();
      try (ImportedModel model = TorchScriptReader.read(folder.resolve("model.pt"), specs);
          PointerScope scope = new PointerScope()) {
        double seconds = (System.nanoTime() - start) / 1e9;
        if (verbose) {
          System.out.println(model.graph());
        }
        GraphOracle oracle = new GraphOracle();
        List<IValue> outputs =
            oracle.run(model.graph(), inputs.stream().map(t -> new IValue(tensor(t))).toList());
        JitModule original = torch.load(folder.resolve("model.pt").toString());
        original.eval();
        IValueVector vector = new IValueVector();
        inputs.forEach(t -> vector.push_back(new IValue(tensor(t).clone())));
        List<Tensor> expected = new ArrayList<>();
        flatten(original.forward(vector), expected);
        StringBuilder problems = new StringBuilder();
        oracle.disagreements().forEach(d -> problems.append("\n  ").append(d));
        if (expected.size() != outputs.size()) {
          problems
              .append("\n  ")
              .append(outputs.size())
              .append(" outputs, not ")
              .append(expected.size());
        }
        double worst = 0;
        for (int i = 0; i < Math.min(expected.size(), outputs.size()); i++) {
          Tensor got = outputs.get(i).toTensor();
          if (got.scalar_type().value != expected.get(i).scalar_type().value) {
            problems.append("\n  output ").append(i).append(" has another dtype");
          }
          worst = Math.max(worst, distance(got, expected.get(i)));
        }
        return (problems.isEmpty() && worst < 1e-5 ? "ok" : "WRONG")
            + " nodes=%d weights=%d seconds=%.2f error=%.1e %s"
                .formatted(
                    model.graph().nodes().size(),
                    model.graph().weights().size(),
                    seconds,
                    worst,
                    histogram(model))
            + problems;
      }
    }
  }

  private static String histogram(ImportedModel model) {
    Map<String, Integer> counts = new TreeMap<>();
    for (FxNode node : model.graph().nodes()) {
      counts.merge(node.target().toString().replace("aten::", ""), 1, Integer::sum);
    }
    return counts.toString();
  }

  static void flatten(IValue value, List<Tensor> tensors) {
    if (value.isTensor()) {
      tensors.add(value.toTensor());
    } else if (value.isTuple()) {
      for (long i = 0; i < value.toTuple().elements().size(); i++) {
        flatten(value.toTuple().elements().get(i), tensors);
      }
    } else if (value.isList()) {
      GenericList list = value.toList();
      for (long i = 0; i < list.size(); i++) {
        flatten(list.get(i), tensors);
      }
    } else if (value.isGenericDict()) {
      var at = value.toGenericDict().begin();
      for (long i = 0; i < value.toGenericDict().size(); i++, at.increment()) {
        flatten(at.access().value(), tensors);
      }
    }
  }

  /** Norm of the difference over the norm of what is expected. */
  static double distance(Tensor got, Tensor expected) {
    Tensor a = got.to(torch.ScalarType.Double);
    Tensor b = expected.to(torch.ScalarType.Double);
    if (a.dim() != b.dim() || a.numel() != b.numel()) {
      return Double.POSITIVE_INFINITY;
    }
    double norm = b.norm().item().toDouble();
    double difference = a.sub(b).norm().item().toDouble();
    return norm == 0 ? difference : difference / norm;
  }

  static Tensor tensor(NativeTensor t) {
    Pointer data =
        new Pointer((Pointer) null) {
          {
            address = t.data().address();
          }
        };
    return torch.from_blob(
        data, t.sizes(), t.strides(), new TensorOptions(Tensors.scalarType(t.dtype())));
  }
}
