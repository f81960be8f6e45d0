package io.ait4j.lower;

import io.ait4j.fx.Device;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.Guard;
import io.ait4j.fx.InputBinding;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.util.List;
import java.util.Map;

/** Refuses inputs that the module was not lowered for. */
final class InputCheck {
  private final ModuleInterface face;
  private final InputBinding binding;

  InputCheck(ModuleInterface face) {
    this.face = face;
    this.binding = new InputBinding(face.inputs());
  }

  /** What sizes may differ from run to run. */
  InputBinding binding() {
    return binding;
  }

  /**
   * What the symbols in the inputs' sizes stand for.
   *
   * @throws ModelException (USAGE) naming the input, or the guard, that does not fit
   */
  Map<String, Long> symbols(List<NativeTensor> inputs) {
    Map<String, Long> symbols = binding.bind(inputs, Map.of());
    for (Guard guard : face.guards()) {
      guard.check(symbols);
    }
    return symbols;
  }

  /**
   * The same, and whether the inputs' memory is fit for a run.
   *
   * @param device where the module runs
   * @throws ModelException (USAGE) naming the input that is not
   */
  Map<String, Long> check(List<NativeTensor> inputs, Device device) {
    final Map<String, Long> symbols = symbols(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      if (!inputs.get(i).device().isCpu()) {
        checkOnDevice(i, inputs.get(i), device);
        continue;
      }
      if (!inputs.get(i).data().isAccessibleBy(Thread.currentThread())) {
        throw wrong(
            i,
            "is in another thread's confined arena; allocate it from a shared or automatic Arena");
      }
      if (!inputs.get(i).isAlive()) {
        throw wrong(i, "has been freed: its arena is closed");
      }
    }
    for (ModuleInterface.Write write : face.writes()) {
      NativeTensor written = inputs.get(write.input());
      if (written.isReadOnly()) {
        throw wrong(write.input(), "is read-only, but the model writes to it; pass a copy");
      }
      if (!Tensors.isInjective(written.sizes(), written.strides())) {
        throw wrong(
            write.input(),
            "has elements that share memory (%s), but the model writes to it; pass a copy"
                .formatted(written));
      }
    }
    return symbols;
  }

  private void checkOnDevice(int i, NativeTensor input, Device device) {
    if (!input.device().equals(device)) {
      throw wrong(
          i, "is on %s, but the module runs on %s; copy it".formatted(input.device(), device));
    }
    if (!input.isAlive()) {
      throw wrong(i, "has been freed: its arena is closed");
    }
    if (!input.isAligned()) {
      throw wrong(i, "begins in the middle of an element, where a GPU cannot read; copy it");
    }
  }

  private ModelException wrong(int index, String why) {
    FxValue input = face.inputs().get(index);
    return new ModelException(
        ModelException.Kind.USAGE, "input %d '%s' %s".formatted(index, input.name(), why));
  }
}
