package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.archive.PickleValue.Call;
import io.ait4j.fx.archive.PickleValue.Str;
import io.ait4j.fx.archive.PickleValue.Tuple;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive with its code and small constants but without its weights, so that libtorch
 * loads it in little time and memory. A tensor of the model has a stand-in there, of its dtype and
 * sizes, that says which tensor it stands for.
 */
public final class WeightlessArchive {
  /** Bytes of a stand-in's storage; another tensor's may have as many. */
  public static final int STAND_IN_BYTES = StandIns.BYTES;

  /**
   * Smaller constants stay, as code may ask for their values while it is read. Larger ones are the
   * weights of a frozen model.
   */
  private static final long LARGE_CONSTANT = 4096;

  /** How code begins that runs while the model is loaded, and may compute with its weights. */
  private static final String RESTORES = "def __setstate__";

  private static final long LARGEST_PART = 64L << 20;

  private final ZipArchive zip;
  private final StandIns standIns = new StandIns();
  private final Set<String> records = new LinkedHashSet<>();
  private final Map<String, byte[]> parts = new LinkedHashMap<>();

  private WeightlessArchive(ZipArchive zip) throws NeedsWeights {
    this.zip = zip;
    for (String name : zip.names()) {
      if (isNeeded(name.substring(zip.root().length()))) {
        keep(name);
      }
    }
    replace("data", 0);
    replace("constants", LARGE_CONSTANT);
    records.removeAll(parts.keySet());
    parts.putAll(standIns.storages());
  }

  /**
   * Writes the archive to {@code to}, if the model can be loaded without the values of its weights.
   *
   * @param zip of {@code torch.jit.save}; the tensors live as long as it is open
   * @return empty if the model cannot: code of its own restores its state, or its weights are
   *     quantized or compressed
   * @throws ModelException (IMPORT) if the file is damaged
   */
  public static Optional<WeightlessArchive> write(ZipArchive zip, Path to) throws IOException {
    WeightlessArchive archive;
    try {
      archive = new WeightlessArchive(zip);
    } catch (NeedsWeights e) {
      return Optional.empty();
    }
    archive.write(to);
    return Optional.of(archive);
  }

  /**
   * The tensor that a storage of the loaded archive stands in for; empty if it is no stand-in's.
   *
   * @param storage its bytes, all of them
   */
  public Optional<NativeTensor> tensor(ByteBuffer storage) {
    return standIns.find(storage);
  }

  /** Begins to check the tensors' checksums. */
  public WeightCheck check() {
    return WeightCheck.start(zip, records);
  }

  /** Code and versions. */
  private static boolean isNeeded(String name) {
    return name.startsWith("code/")
        || name.startsWith(".data/")
        || !name.contains("/") && !name.endsWith(".pkl");
  }

  private void keep(String name) throws NeedsWeights {
    byte[] content = zip.bytes(name, LARGEST_PART);
    if (name.endsWith(".py") && new String(content, StandardCharsets.UTF_8).contains(RESTORES)) {
      throw new NeedsWeights("its code restores its state from its weights");
    }
    parts.put(name, content);
  }

  /** Keeps a pickle, with stand-ins for its tensors of {@code least} bytes and more. */
  private void replace(String name, long least) throws NeedsWeights {
    TorchArchive archive = TorchArchive.read(zip, name);
    String folder = zip.root() + name + "/";
    byte[] pickle =
        PickleWriter.write(archive.value(), call -> standIn(call, archive, folder, least));
    parts.put(zip.root() + name + ".pkl", pickle);
    records.addAll(archive.records());
  }

  /** An object, or the stand-in of one that is a tensor. */
  private Call standIn(Call call, TorchArchive archive, String folder, long least)
      throws NeedsWeights {
    if (call.callee().module().startsWith("__torch__.torch.classes")) {
      throw new NeedsWeights("an object of C++ in it restores its state from its weights");
    }
    if (!call.callee().module().equals("torch._utils")) {
      return call;
    }
    Tuple storage = StandIns.storage(call);
    String key = storage.elements().get(2) instanceof Str(String text) ? text : "";
    if (zip.has(folder + key) && !zip.isStored(folder + key)) {
      throw new NeedsWeights("its weights are compressed");
    }
    NativeTensor tensor = archive.tensor(call, "in entry " + folder + key).orElseThrow();
    if (isReplaceable(tensor, least)) {
      return standIns.of(call, tensor, folder);
    }
    if (zip.has(folder + key)) {
      keep(folder + key);
    }
    return call;
  }

  /**
   * libtorch makes one of constants that are equal. Stand-ins of one dtype and shape differ in
   * their first bytes, which a dtype of one byte is too small for.
   */
  private static boolean isReplaceable(NativeTensor tensor, long least) {
    long bytes = Math.multiplyExact(tensor.numel(), (long) tensor.dtype().bytes());
    return least == 0 || bytes >= least && tensor.dtype().bytes() > 1;
  }

  private void write(Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream written = new ZipOutputStream(out)) {
      written.setLevel(Deflater.NO_COMPRESSION);
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        written.putNextEntry(new ZipEntry(part.getKey()));
        written.write(part.getValue());
        written.closeEntry();
      }
    }
    parts.clear();
  }
}
