package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Device;
import io.ait4j.fx.NativeTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Results are written into tensors of the caller's, by the library that makes them if it can. */
final class IntoTensors implements Destination<List<NativeTensor>> {
  private final OutputCheck check;
  private final List<ModuleInterface.Output> outputs;
  private final List<NativeTensor> targets;
  private final List<NativeTensor> inputs;
  private final Device device;
  private final Map<String, NativeTensor> direct = new HashMap<>();

  /**
   * @param inputs which a later partition may read after an output is written
   * @param device where the module runs
   */
  IntoTensors(
      OutputCheck check,
      List<ModuleInterface.Output> outputs,
      List<NativeTensor> targets,
      List<NativeTensor> inputs,
      Device device) {
    this.check = check;
    this.outputs = outputs;
    this.targets = targets;
    this.inputs = inputs;
    this.device = device;
  }

  @Override
  public void begin(Map<String, Long> symbols) {
    check.check(targets, symbols, device);
    for (int i = 0; i < targets.size(); i++) {
      NativeTensor target = targets.get(i);
      if (outputs.get(i).source() instanceof OutputSource.Value(String name)
          && !target.isOnHeap()
          && inputs.stream().noneMatch(input -> Held.overlap(input, target))) {
        direct.putIfAbsent(name, target);
      }
    }
  }

  @Override
  public NativeTensor direct(String name, DType dtype, long[] sizes, long[] strides, Place place) {
    NativeTensor target = direct.get(name);
    return target != null
            && target.dtype() == dtype
            && target.device().equals(place.work().device())
            && Arrays.equals(target.sizes(), sizes)
            && Arrays.equals(target.strides(), strides)
        ? target
        : null;
  }

  @Override
  public List<NativeTensor> collect(Execution run, List<OutputSource> outputs) {
    return targets;
  }

  @Override
  public List<Transfer> transfers(Execution run, List<OutputSource> outputs) {
    List<Transfer> transfers = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      NativeTensor content = run.tensor(outputs.get(i));
      if (content != targets.get(i)) {
        transfers.add(new Transfer(content, targets.get(i)));
      }
    }
    return transfers;
  }
}
