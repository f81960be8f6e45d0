package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.FxNode;
import io.ait4j.fx.OpTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights of recurrent layers in one piece, as cuDNN wants them: else libtorch puts them together
 * at each call, and warns of it.
 */
final class RnnWeights {
  /** cuDNN's numbers of the kinds. */
  private static final Map<String, Long> MODES =
      Map.of(
          "aten::rnn_relu.input", 0L,
          "aten::rnn_tanh.input", 1L,
          "aten::lstm.input", 2L,
          "aten::gru.input", 3L);

  private static final OpTarget FLATTEN = OpTarget.parse("aten::_cudnn_rnn_flatten_weight");
  private static final int PARAMETERS = 2;

  private RnnWeights() {}

  /** Puts the weights of a recurrent node together where they lie; leaves any other node alone. */
  static void flatten(FxNode node, Operands operands) {
    Long mode = MODES.get(node.target().toString());
    if (mode == null
        || node.args().size() < 9
        || !(node.args().get(PARAMETERS) instanceof Arg.Sequence(List<Arg> names))
        || !(node.args().get(3) instanceof Arg.Bool(boolean biases))
        || !(node.args().get(4) instanceof Arg.Int(long layers))
        || !(node.args().get(7) instanceof Arg.Bool(boolean bidirectional))
        || !(node.args().get(8) instanceof Arg.Bool(boolean batchFirst))) {
      return;
    }
    List<IValue> weights = new ArrayList<>();
    for (Arg name : names) {
      operands.weight(name).ifPresent(weights::add);
    }
    int each = biases ? 4 : 2;
    boolean isPlain = weights.size() == layers * (bidirectional ? 2 : 1) * each;
    Optional<Kernel> kernel = Kernel.find(FLATTEN);
    if (weights.size() != names.size() || !isPlain || kernel.isEmpty()) {
      return; // with projections, for example
    }
    try (GenericList list = Constants.list("Tensor", false);
        IValueVector stack = new IValueVector()) {
      weights.forEach(list::push_back);
      stack.push_back(new IValue(list));
      stack.push_back(new IValue((long) each));
      stack.push_back(new IValue(columns(weights.get(0))));
      stack.push_back(new IValue((long) mode));
      stack.push_back(new IValue(columns(weights.get(1))));
      stack.push_back(new IValue(0L));
      stack.push_back(new IValue(layers));
      stack.push_back(new IValue(batchFirst));
      stack.push_back(new IValue(bidirectional));
      kernel.get().entry().call(stack);
    }
  }

  private static long columns(IValue weight) {
    Tensor tensor = weight.toTensor();
    return tensor.size(1);
  }
}
