package io.ait4j.fallback;

import io.ait4j.fx.Arg;
import io.ait4j.fx.Device;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OperatorSchema;
import io.ait4j.fx.cuda.CudaDevice;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.OptionalStreamGuard;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Where libtorch runs a graph. */
record TorchDevice(Device device) {
  /** What is set for this thread until it is closed. */
  interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Loads libtorch.
   *
   * @throws ModelException (RUN) if it cannot be loaded, or cannot use the device
   */
  static TorchDevice of(Device device) {
    Libtorch.load();
    if (!device.isCpu()) {
      requireCuda(device);
      // What falls back computes in the precision that the source says, as compiled code does.
      torch.globalContext().setAllowTF32CuBLAS(false);
      torch.globalContext().setAllowTF32CuDNN(false);
    }
    return new TorchDevice(device);
  }

  private static void requireCuda(Device device) {
    if (!torch.hasCUDA()) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "a part of this model runs on libtorch, on "
              + device
              + ", and what was loaded of libtorch is for CPUs only"
              + orTheDriver()
              + "; put org.bytedeco:pytorch with its"
              + " linux-x86_64-gpu jar in the other's place (Maven's -Dlibtorch=cuda, or"
              + " AIT4J_LIBTORCH=cuda for ./ait4j), and have CUDA 13 with cuBLAS, cuFFT, cuSPARSE,"
              + " cuRAND, cuFile and NCCL, and cuDNN 9, where the system's loader finds them");
    }
    if (device.index() >= torch.cuda_device_count()) {
      throw new ModelException(
          ModelException.Kind.RUN,
          "libtorch sees %d GPUs and no %s".formatted(torch.cuda_device_count(), device));
    }
  }

  /** libtorch does not tell the two apart. */
  private static String orTheDriver() {
    return CudaDevice.isAvailable()
        ? " or needs a newer driver than this one of CUDA " + CudaDevice.driverVersion()
        : "";
  }

  /**
   * Lets libtorch enqueue this thread's work on a stream until the result is closed.
   *
   * @param handle the driver's; of no meaning on the CPU
   */
  Guard on(long handle) {
    if (device.isCpu()) {
      return () -> {};
    }
    try (org.bytedeco.pytorch.Device there = torchDevice();
        // A stream that libtorch did not make has its handle for a number.
        Stream stream = new Stream(Stream.Unsafe.UNSAFE, there, handle)) {
      return new OptionalStreamGuard(stream)::close;
    }
  }

  /** Waits for what this thread has made on libtorch's own stream; other streams do not. */
  void finish() {
    if (!device.isCpu()) {
      torch.cuda_synchronize(device.index());
    }
  }

  /** The same tensor on this device; the argument is closed if it is another one. */
  Tensor place(Tensor tensor) {
    if (device.isCpu()) {
      return tensor;
    }
    try (tensor;
        org.bytedeco.pytorch.Device there = torchDevice()) {
      return tensor.to(there, tensor.scalar_type());
    }
  }

  /** The arguments of an operator where every device they name, or leave open, is this one. */
  List<Arg> place(OperatorSchema schema, List<Arg> args) {
    if (device.isCpu()) {
      return args;
    }
    boolean takesTensors = schema.parameters().stream().anyMatch(p -> isTensor(p.type().base()));
    List<Arg> placed = new ArrayList<>(args);
    for (int i = 0; i < Math.min(args.size(), schema.parameters().size()); i++) {
      boolean open =
          args.get(i) instanceof Arg.None
              && !takesTensors
              && schema.parameters().get(i).type().base().equals("Device");
      placed.set(i, open ? new Arg.Device(device.toString()) : place(args.get(i)));
    }
    return placed;
  }

  /** The device of the source has no meaning here. */
  Arg place(Arg arg) {
    return arg instanceof Arg.Device && !device.isCpu() ? new Arg.Device(device.toString()) : arg;
  }

  private static boolean isTensor(String base) {
    return base.equals("Tensor");
  }

  private org.bytedeco.pytorch.Device torchDevice() {
    return TensorBridge.torchDevice(device);
  }
}
