package io.ait4j.fx.torchscript;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import io.ait4j.fx.archive.WeightlessArchive;
import io.ait4j.fx.archive.ZipArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;

/** Loads a TorchScript archive; what is often taken for one, the reader of any format tells. */
final class TorchScriptFile {
  private static final Pattern UNKNOWN = Pattern.compile("Unknown builtin op: (\\S+?)\\.?\\s");
  private static final Pattern PLACE = Pattern.compile("File \"([^\"]+)\", line (\\d+)");

  private TorchScriptFile() {}

  /** Loads the module without its weights, which stay in the file, if it can do without them. */
  static LoadedModule load(Path file) {
    ZipArchive zip = ZipArchive.open(file);
    LoadedModule loaded = null;
    try {
      CustomObjects.find(zip)
          .ifPresent(
              name -> {
                throw bad(
                    file,
                    "it holds an object of the C++ class "
                        + name
                        + ", which only libtorch's own code can read; save it with plain tensors"
                        + " instead, a quantized model before it is packed",
                    null);
              });
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

  private static ModelException bad(Path file, String why, Exception cause) {
    return new ModelException(
        ModelException.Kind.IMPORT,
        "cannot read the TorchScript model " + file + ": " + why,
        cause);
  }
}
