package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.WeightlessArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
  private final CompletableFuture<Void> verified;

  private FileWeights(ZipArchive zip, WeightlessArchive archive) {
    this.zip = zip;
    this.archive = archive;
    this.verified =
        archive == null
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.runAsync(archive::verify);
  }

  /** Takes over the file; starts to check the weights' CRCs. */
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
  void awaitVerified() {
    try {
      verified.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ModelException why ? why : e;
    }
  }

  @Override
  public void close() {
    if (zip != null) {
      zip.close();
    }
  }
}
