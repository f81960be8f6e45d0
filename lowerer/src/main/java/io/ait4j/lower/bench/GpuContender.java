package io.ait4j.lower.bench;

import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaEvent;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A {@link LoweredModule} on a GPU, its inputs and outputs there, its launches recorded: how a
 * program runs it that keeps its data on the device. The device's own clock is read too.
 */
final class GpuContender implements Contender {
  private final LoweredModule module;
  private final Arena own = Arena.ofShared();
  private final List<NativeTensor> samples;
  private final List<NativeTensor> inputs = new ArrayList<>();
  private final CudaStream stream;
  private final CudaEvent begin;
  private final CudaEvent end;
  private long deviceNanos;

  /**
   * Takes the module over.
   *
   * @param samples are copied to the device
   */
  GpuContender(LoweredModule module, List<NativeTensor> samples) {
    CudaDevice device = CudaDevice.of(module.device().index());
    this.module = module;
    this.samples = samples;
    stream = device.stream();
    begin = CudaEvent.timed(device);
    end = CudaEvent.timed(device);
    try {
      module.setGraphs(true);
      samples.forEach(sample -> inputs.add(DeviceTensors.toDevice(sample, stream, own)));
      stream.synchronize();
    } catch (RuntimeException e) {
      free();
      throw e;
    }
  }

  @Override
  public String name() {
    return "ait4j";
  }

  @Override
  public void restore() {
    if (module.writtenInputs().isEmpty()) {
      return;
    }
    module
        .writtenInputs()
        .forEach(input -> DeviceTensors.upload(samples.get(input), inputs.get(input), stream));
    stream.synchronize();
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      stream.record(begin);
      module.runOnDevice(inputs, stream, arena);
      stream.record(end);
      stream.synchronize();
    }
    deviceNanos = Math.round(end.millisSince(begin) * 1e6);
  }

  @Override
  public OptionalLong deviceNanos() {
    return OptionalLong.of(deviceNanos);
  }

  @Override
  public List<NativeTensor> outputs(Arena arena) {
    restore();
    try (Arena there = Arena.ofConfined()) {
      List<NativeTensor> outputs = new ArrayList<>();
      for (NativeTensor output : module.runOnDevice(inputs, stream, there)) {
        outputs.add(DeviceTensors.toHost(output, stream, arena));
      }
      module.check();
      return outputs;
    }
  }

  @Override
  public void close() {
    module.close();
    free();
  }

  private void free() {
    own.close();
    begin.close();
    end.close();
    stream.close();
  }
}
