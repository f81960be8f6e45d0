package io.ait4j.lower;

import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Refuses tensors for outputs that a module cannot write. */
final class OutputCheck {
  private final List<ModuleInterface.Output> outputs;

  OutputCheck(ModuleInterface face) {
    this.outputs = face.outputs();
  }

  /**
   * @param symbols what those in the outputs' sizes stand for
   * @param device where the module runs
   * @throws ModelException (USAGE) naming the tensor that does not fit, and why
   */
  void check(List<NativeTensor> given, Map<String, Long> symbols, Device device) {
    if (given.size() != outputs.size()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "the model has %d output%s, got %d tensors for them"
              .formatted(outputs.size(), outputs.size() == 1 ? "" : "s", given.size()));
    }
    for (int i = 0; i < given.size(); i++) {
      checkType(i, given.get(i), symbols);
      checkMemory(i, given.get(i), device);
      for (int j = 0; j < i; j++) {
        if (Held.overlap(given.get(i), given.get(j))) {
          throw wrong(i, "shares memory with that for output " + j);
        }
      }
    }
  }

  private void checkType(int i, NativeTensor tensor, Map<String, Long> symbols) {
    TensorMeta type = outputs.get(i).type();
    if (type == null || !type.shape().stream().allMatch(dim -> isKnown(dim, symbols))) {
      return; // the run will tell
    }
    long[] sizes = type.sizes(symbols);
    if (tensor.dtype() != type.dtype() || !Arrays.equals(tensor.sizes(), sizes)) {
      throw wrong(
          i,
          "is %s, and the output %s"
              .formatted(tensor.meta(), TensorMeta.contiguous(type.dtype(), sizes)));
    }
  }

  private static boolean isKnown(Dim dim, Map<String, Long> symbols) {
    return dim.symbols().stream().allMatch(symbol -> symbols.containsKey(symbol.name()));
  }

  private void checkMemory(int i, NativeTensor tensor, Device device) {
    if (!tensor.isAlive()) {
      throw wrong(i, "has been freed: its arena is closed");
    }
    if (!tensor.device().isCpu()) {
      if (!tensor.device().equals(device)) {
        throw wrong(i, "is on %s, and the module runs on %s".formatted(tensor.device(), device));
      }
      if (!tensor.isAligned()) {
        throw wrong(i, "begins in the middle of an element, where a GPU cannot write");
      }
    } else if (!tensor.data().isAccessibleBy(Thread.currentThread())) {
      throw wrong(i, "is in another thread's confined arena; allocate it from a shared one");
    }
    if (tensor.isReadOnly()) {
      throw wrong(i, "is read-only");
    }
    if (!Tensors.isInjective(tensor.sizes(), tensor.strides())) {
      throw wrong(i, "has elements that share memory (%s)".formatted(tensor));
    }
  }

  private ModelException wrong(int i, String why) {
    return new ModelException(
        ModelException.Kind.USAGE,
        "the tensor for output %d '%s' %s".formatted(i, outputs.get(i).name(), why));
  }
}
