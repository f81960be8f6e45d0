package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code torch.save} writes since PyTorch 1.6: a pickle, and beside it the storages of its
 * tensors, which stay in the mapped file. Python classes are not needed and not run: objects of
 * whatever class are data.
 *
 * <p>Every method throws {@link ModelException} (IMPORT), naming the file.
 */
public final class TorchArchive {
  private static final long LARGEST_PICKLE = 256L << 20;

  private final ZipArchive zip;
  private final PickleValue value;
  private final TorchTensors tensors;

  private TorchArchive(ZipArchive zip, PickleValue value, TorchTensors tensors) {
    this.zip = zip;
    this.value = value;
    this.tensors = tensors;
  }

  /** Whether the archive has the parts that {@code torch.save} writes. */
  public static boolean isOne(ZipArchive zip) {
    return zip.has(zip.root() + "data.pkl");
  }

  /** Reads {@code data.pkl} and the storages in {@code data/}; the tensors live as long as zip. */
  public static TorchArchive read(ZipArchive zip) {
    return read(zip, "data");
  }

  /** Reads {@code <name>.pkl} and the storages in {@code <name>/}, as TorchScript has several. */
  public static TorchArchive read(ZipArchive zip, String name) {
    String pickle = zip.root() + name + ".pkl";
    if (!zip.has(pickle)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          zip.source()
              + " cannot be read: it has no "
              + name
              + ".pkl, so torch.save did not write it");
    }
    checkByteOrder(zip);
    PickleValue value =
        Pickle.read(zip.bytes(pickle, LARGEST_PICKLE), pickle + " in " + zip.source(), g -> true);
    return new TorchArchive(zip, value, new TorchTensors(zip, zip.root() + name + "/"));
  }

  /** The object that was saved. */
  public PickleValue value() {
    return value;
  }

  /**
   * The tensor or parameter that {@code value} describes, in the mapped file unless its place there
   * is not aligned to its elements. Tensors that shared a storage share memory.
   *
   * @param name what to call it in a message
   * @return empty if {@code value} is no tensor
   * @throws ModelException (IMPORT) if it is one that cannot be had: quantized, sparse, of an
   *     unknown type, or with a storage that is missing or too small
   */
  public Optional<NativeTensor> tensor(PickleValue value, String name) {
    try {
      return tensors.tensor(value);
    } catch (Corrupt e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "tensor " + name + " of " + zip.source() + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** Names of the archive's entries that hold the tensors asked for so far. */
  public Set<String> records() {
    return tensors.records();
  }

  private static void checkByteOrder(ZipArchive zip) {
    String entry = zip.root() + "byteorder";
    if (zip.has(entry)) {
      String order = new String(zip.bytes(entry, 64), StandardCharsets.UTF_8).strip();
      if (!order.equals("little")) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            zip.source()
                + " was written in byte order '"
                + order
                + "'; save it on a little-endian machine");
      }
    }
  }
}
