package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Dict;
import io.ait4j.fx.archive.PickleValue.Global;
import io.ait4j.fx.archive.PickleValue.Int;
import io.ait4j.fx.archive.PickleValue.PersistentId;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive with its code and constants but without its weights, so that libtorch loads
 * it in little time and memory. Each tensor of the model has a stand-in there, of its dtype and
 * sizes and with strides of 0 over a storage of 16 bytes, which say which tensor it stands for.
 */
public final class WeightlessArchive {
  /** Bytes of a stand-in's storage: the tensor's number and a mark that no other tensor has. */
  public static final int STAND_IN_BYTES = 16;

  private static final Global REBUILD = new Global("torch._utils", "_rebuild_tensor_v2");
  private static final PickleValue ZERO = new Int(0);

  /** How code begins that runs while the model is loaded, and may compute with its weights. */
  private static final String RESTORES = "def __setstate__";

  private static final long LARGEST_PART = 64L << 20;

  /** A file with more constants than this has its weights among them: it was frozen. */
  private static final long MOST_CONSTANTS = 64L << 20;

  private final ZipArchive zip;
  private final TorchArchive data;
  private final long mark = new SecureRandom().nextLong();
  private final List<NativeTensor> tensors = new ArrayList<>();

  private WeightlessArchive(ZipArchive zip) {
    this.zip = zip;
    this.data = TorchArchive.read(zip);
  }

  /**
   * Writes the archive to {@code to}, if the model can be loaded without the values of its weights.
   *
   * @param zip of {@code torch.jit.save}; the tensors live as long as it is open
   * @return empty if the model cannot: code of its own restores its state, or its weights are among
   *     the constants, quantized or compressed
   */
  public static Optional<WeightlessArchive> write(ZipArchive zip, Path to) throws IOException {
    try {
      WeightlessArchive archive = new WeightlessArchive(zip);
      byte[] pickle = PickleWriter.write(archive.data.value(), archive::standIn);
      if (archive.constants() > MOST_CONSTANTS) {
        return Optional.empty();
      }
      archive.write(to, pickle, archive.kept());
      return Optional.of(archive);
    } catch (Corrupt | ModelException e) {
      // Whatever is wrong with the file, libtorch reads it whole and says so.
      return Optional.empty();
    }
  }

  /**
   * The tensor that a storage of the loaded archive stands in for; empty if it is no stand-in's.
   *
   * @param storage its bytes, all of them
   */
  public Optional<NativeTensor> tensor(ByteBuffer storage) {
    if (storage.remaining() != STAND_IN_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = storage.order(ByteOrder.LITTLE_ENDIAN);
    return bytes.getLong(Long.BYTES) == mark
        ? Optional.of(tensors.get(Math.toIntExact(bytes.getLong(0))))
        : Optional.empty();
  }

  /** Begins to check the tensors' checksums. */
  public WeightCheck check() {
    return WeightCheck.start(zip, data.records());
  }

  /** An object, or the stand-in of one that is a tensor. */
  private Call standIn(Call call) {
    if (call.callee().module().startsWith("__torch__.torch.classes")) {
      throw unfit("an object of C++ restores its state from its weights");
    }
    Optional<NativeTensor> tensor = data.tensor(call, "");
    if (tensor.isEmpty()) {
      return call;
    }
    if (!call.callee().equals(REBUILD)
        || !(call.args().getFirst() instanceof PersistentId(PickleValue id))
        || !(id instanceof Tuple parts)) {
      throw unfit("a tensor is not written as torch.jit.save does");
    }
    PickleValue storage =
        new PersistentId(
            new Tuple(
                List.of(
                    parts.elements().get(0),
                    parts.elements().get(1),
                    new Str(key(tensors.size())),
                    new Str("cpu"),
                    new Int(STAND_IN_BYTES / tensor.get().dtype().bytes()))));
    tensors.add(tensor.get());
    PickleValue strides = new Tuple(Collections.nCopies(tensor.get().sizes().length, ZERO));
    return new Call(
        REBUILD,
        List.of(storage, ZERO, call.args().get(2), strides, call.args().get(4), new Dict()),
        false);
  }

  private static String key(int number) {
    return "standin" + number;
  }

  private ByteBuffer storage(int number) {
    return ByteBuffer.allocate(STAND_IN_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(number)
        .putLong(mark);
  }

  /** What libtorch needs: code, constants, versions. */
  private List<String> kept() {
    String root = zip.root();
    return zip.names().stream()
        .filter(
            name -> {
              String inner = name.substring(root.length());
              return inner.startsWith("code/")
                  || inner.startsWith("constants/")
                  || inner.startsWith(".data/")
                  || inner.equals("constants.pkl")
                  || !inner.contains("/") && !inner.endsWith(".pkl");
            })
        .toList();
  }

  private long constants() {
    return zip.names().stream()
        .filter(name -> name.startsWith(zip.root() + "constants/"))
        .mapToLong(zip::size)
        .reduce(0, Math::addExact);
  }

  private void write(Path to, byte[] pickle, List<String> kept) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream written = new ZipOutputStream(out)) {
      written.setLevel(Deflater.NO_COMPRESSION);
      for (String name : kept) {
        byte[] content = zip.bytes(name, LARGEST_PART);
        if (name.endsWith(".py")
            && new String(content, StandardCharsets.UTF_8).contains(RESTORES)) {
          throw unfit("code restores its state from its weights");
        }
        put(written, name, content);
      }
      put(written, zip.root() + "data.pkl", pickle);
      for (int i = 0; i < tensors.size(); i++) {
        put(written, zip.root() + "data/" + key(i), storage(i).array());
      }
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  private static ModelException unfit(String why) {
    return new ModelException(ModelException.Kind.IMPORT, why);
  }
}
