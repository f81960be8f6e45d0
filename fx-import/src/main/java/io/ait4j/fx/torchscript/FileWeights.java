package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.WeightCheck;
import io.ait4j.fx.archive.WeightlessArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;

/**
 * The weights of a loaded module in its mapped file, where libtorch has stand-ins for them; or
 * nothing, where libtorch has the weights themselves.
 */
final class FileWeights implements AutoCloseable {
  static final FileWeights NONE = new FileWeights(null, null);

  private final ZipArchive zip;
  private final WeightlessArchive archive;
  private final WeightCheck check;

  private FileWeights(ZipArchive zip, WeightlessArchive archive) {
    this.zip = zip;
    this.archive = archive;
    this.check = archive == null ? null : archive.check();
  }

  /** Takes over the file; begins to check the weights' checksums. */
  static FileWeights of(ZipArchive zip, WeightlessArchive archive) {
    return new FileWeights(zip, archive);
  }

  /** The tensor in the file that this one stands in for; empty if it is itself. */
  Optional<NativeTensor> of(Tensor tensor) {
    if (archive == null || !tensor.has_storage()) {
      return Optional.empty();
    }
    long bytes = tensor.storage().nbytes();
    return bytes == WeightlessArchive.STAND_IN_BYTES
        ? archive.tensor(new BytePointer(tensor.storage().data()).capacity(bytes).asByteBuffer())
        : Optional.empty();
  }

  /**
   * Waits until the weights are known to be as they were written.
   *
   * @throws ModelException (IMPORT) naming one that is not
   */
  void awaitCheck() {
    if (check != null) {
      check.await();
    }
  }

  @Override
  public void close() {
    if (zip != null) {
      check.close();
      zip.close();
    }
  }
}
