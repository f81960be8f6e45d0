package io.ait4j.partition;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.LikelySizes;
import io.ait4j.fx.TensorMeta;
import java.util.List;
import java.util.Map;

/**
 * A rough count of floating-point operations, for either side alike, so that shares compare.
 * Multiply-adds count as two; anything but products of matrices counts one for each element that it
 * reads or writes, whichever is more.
 */
final class Flops {
  private final Map<String, FxValue> values;

  Flops(Map<String, FxValue> values) {
    this.values = values;
  }

  double of(FxNode node) {
    return switch (node.target().qualifiedName()) {
      case "aten::mm", "aten::bmm", "aten::linear", "aten::matmul" ->
          2 * out(node) * inner(node, 0);
      case "aten::addmm", "aten::baddbmm" -> 2 * out(node) * inner(node, 1);
      case "aten::convolution" -> convolution(node);
      case "aten::scaled_dot_product_attention" -> attention(node);
      case "aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu" -> recurrent(node);
      case String name when name.startsWith("aten::fft_") ->
          5 * out(node) * Math.log(Math.max(2, out(node))) / Math.log(2);
      default -> FreeOperators.isWork(node) ? Math.max(out(node), read(node)) : 0;
    };
  }

  private double convolution(FxNode node) {
    TensorMeta weight = tensor(node, 1);
    if (weight == null || weight.rank() < 2) {
      return out(node);
    }
    // [out, in / groups, kernel...] forwards; transposed it is [in, out / groups, kernel...]: each
    // element of the input meets weight.numel() / in of them.
    boolean transposed = node.arg(6).orElse(Arg.NONE) instanceof Arg.Bool(boolean yes) && yes;
    double perElement = numel(weight) / Math.max(1, extent(weight.shape().getFirst()));
    TensorMeta input = tensor(node, 0);
    return 2 * perElement * (transposed && input != null ? numel(input) : out(node));
  }

  private double attention(FxNode node) {
    TensorMeta query = tensor(node, 0);
    TensorMeta key = tensor(node, 1);
    if (query == null || key == null || key.rank() < 2) {
      return out(node);
    }
    double keys = extent(key.shape().get(key.rank() - 2));
    return 2 * keys * (numel(query) + out(node));
  }

  /** Every step multiplies its row by every matrix of weights. */
  private double recurrent(FxNode node) {
    TensorMeta input = tensor(node, 0);
    if (input == null || input.rank() == 0) {
      return out(node);
    }
    double weights = 0;
    for (Arg arg : node.args()) {
      if (arg instanceof Arg.Sequence(List<Arg> elements)) {
        for (Arg element : elements) {
          TensorMeta weight = tensor(element);
          weights += weight != null && weight.rank() == 2 ? numel(weight) : 0;
        }
      }
    }
    return 2 * weights * numel(input) / Math.max(1, extent(input.shape().getLast()));
  }

  private double inner(FxNode node, int arg) {
    TensorMeta left = tensor(node, arg);
    return left == null || left.rank() == 0 ? 1 : extent(left.shape().getLast());
  }

  private double out(FxNode node) {
    return node.results().stream().mapToDouble(Flops::numel).sum();
  }

  private double read(FxNode node) {
    List<Arg> args = node.args();
    double most = 0;
    for (int i = 0; i < args.size(); i++) {
      TensorMeta tensor = tensor(node, i);
      most = Math.max(most, tensor == null ? 0 : numel(tensor));
    }
    return most;
  }

  private TensorMeta tensor(FxNode node, int arg) {
    return tensor(node.arg(arg).orElse(Arg.NONE));
  }

  private TensorMeta tensor(Arg arg) {
    return arg instanceof Arg.Value(String name)
            && values.get(name) instanceof FxValue(String n, TensorMeta tensor)
        ? tensor
        : null;
  }

  private static double numel(FxValue value) {
    return value.meta() instanceof TensorMeta tensor ? numel(tensor) : 0;
  }

  private static double numel(TensorMeta tensor) {
    return tensor.shape().stream().mapToDouble(Flops::extent).reduce(1, (a, b) -> a * b);
  }

  private static double extent(Dim dim) {
    return LikelySizes.of(dim);
  }
}
