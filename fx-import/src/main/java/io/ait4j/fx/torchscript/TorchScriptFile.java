package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.archive.WeightlessArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;

/** Tells a TorchScript archive from what is often taken for one, and loads it. */
final class TorchScriptFile {
  private static final Pattern UNKNOWN = Pattern.compile("Unknown builtin op: (\\S+?)\\.?\\s");
  private static final Pattern PLACE = Pattern.compile("File \"([^\"]+)\", line (\\d+)");

  private TorchScriptFile() {}

  /** Loads the module without its weights, which stay in the file, if it can do without them. */
  static LoadedModule load(Path file) {
    check(file);
    ZipArchive zip = ZipArchive.open(file);
    LoadedModule loaded = null;
    try {
      checkEntries(file, zip.names());
      loaded = load(file, zip);
      return loaded;
    } finally {
      if (loaded == null || loaded.weights() == FileWeights.NONE) {
        zip.close();
      }
    }
  }

  private static LoadedModule load(Path file, ZipArchive zip) {
    Path part = null;
    try {
      part = Files.createTempFile("ait4j-", ".pt");
      Optional<WeightlessArchive> weightless = WeightlessArchive.write(zip, part);
      return weightless.isPresent()
          ? new LoadedModule(load(file, part), FileWeights.of(zip, weightless.get()))
          : new LoadedModule(load(file, file), FileWeights.NONE);
    } catch (IOException e) {
      throw bad(file, "its code cannot be unpacked: " + WholeFile.reason(e), e);
    } finally {
      delete(part);
    }
  }

  private static void delete(Path part) {
    try {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // The system's cleaner of temporary files will try again.
    }
  }

  /**
   * @param file for messages
   * @param archive what is loaded
   */
  private static JitModule load(Path file, Path archive) {
    Declarations.make();
    try {
      return torch.load(archive.toString(), new DeviceOptional(new Device("cpu")), true);
    } catch (RuntimeException e) {
      throw bad(file, told(String.valueOf(e.getMessage())), e);
    }
  }

  /** libtorch's complaint in one line: the operator nobody knows, the place in the code. */
  private static String told(String message) {
    Matcher place = PLACE.matcher(message);
    String where = place.find() ? " at " + place.group(1) + ":" + place.group(2) : "";
    Matcher unknown = UNKNOWN.matcher(message);
    return unknown.find()
        ? "nobody implements its operator "
            + unknown.group(1)
            + where
            + ": libtorch has none of that name. If it comes from an extension (torchvision, a custom"
            + " kernel), export the model without it"
        : "libtorch cannot load it: " + Libtorch.firstLine(message) + where;
  }

  private static void check(Path file) {
    if (!Files.exists(file)) {
      throw bad(file, "there is no such file", null);
    }
    if (Files.isDirectory(file)) {
      throw bad(file, "it is a directory", null);
    }
    try {
      byte[] head = head(file);
      if (head.length == 0) {
        throw bad(file, "it is empty", null);
      }
      boolean isZip = head.length >= 4 && head[0] == 'P' && head[1] == 'K';
      if (!isZip) {
        throw bad(
            file,
            (head[0] & 0xff) == 0x80
                ? "it is a pickle (a checkpoint of before PyTorch 1.6); save the model with"
                    + " torch.jit.trace(model, inputs).save(path)"
                : "it is no ZIP archive, as TorchScript files are; save the model with"
                    + " torch.jit.trace(model, inputs).save(path)",
            null);
      }
    } catch (IOException e) {
      throw bad(file, "it cannot be read: " + e.getMessage(), e);
    }
  }

  private static void checkEntries(Path file, Set<String> names) {
    boolean hasData = false;
    boolean hasConstants = false;
    boolean isExport = false;
    for (String name : names) {
      hasData |= name.endsWith("/data.pkl") || name.equals("data.pkl");
      hasConstants |= name.endsWith("/constants.pkl") || name.equals("constants.pkl");
      isExport |=
          name.endsWith("archive_format") || name.endsWith("serialized_exported_program.json");
    }
    if (isExport) {
      throw bad(
          file,
          "it is a torch.export archive (.pt2) and no TorchScript; read it as what it is",
          null);
    }
    if (hasData && !hasConstants) {
      throw bad(
          file,
          "it is a checkpoint of torch.save (weights without code); save the model with"
              + " torch.jit.trace(model, inputs).save(path)",
          null);
    }
    if (!hasConstants) {
      throw bad(
          file,
          "it is a ZIP archive without TorchScript's code; save the model with"
              + " torch.jit.trace(model, inputs).save(path)",
          null);
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(4);
    }
  }

  private static ModelException bad(Path file, String why, Exception cause) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "cannot read the TorchScript model " + file + ": " + why,
        cause);
  }
}
