package io.ait4j.fallback;

import io.ait4j.fx.NativeTensor;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a run of a {@link TorchModule} yields. The outputs live until it is closed. An output that
 * is a view of an input or a weight shares the caller's memory, and lives no longer than that.
 */
public final class TorchResult implements AutoCloseable {
  private final List<NativeTensor> outputs;
  private final List<Tensor> owners;
  private final long copiedBytes;

  TorchResult(List<NativeTensor> outputs, List<Tensor> owners, long copiedBytes) {
    this.outputs = List.copyOf(outputs);
    this.owners = owners;
    this.copiedBytes = copiedBytes;
  }

  /** In the order of the graph's outputs; a number is a 0-d tensor. */
  public List<NativeTensor> outputs() {
    return outputs;
  }

  /**
   * Bytes that had to be copied so that the outputs can be read from memory: 0 but for tensors
   * whose conjugation or negation libtorch had put off.
   */
  public long copiedBytes() {
    return copiedBytes;
  }

  @Override
  public void close() {
    owners.forEach(Tensor::close);
    owners.clear();
  }
}
