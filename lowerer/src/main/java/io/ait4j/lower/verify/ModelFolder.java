package io.ait4j.lower.verify;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder with a TorchScript model, {@code model.pt}, and its recorded {@code io.safetensors}. */
public record ModelFolder(Path folder) {
  static final String MODEL = "model.pt";

  /**
   * Every such folder at or under {@code roots}, each root's in order of name.
   *
   * @throws ModelException (IMPORT) if a root is not there or has none under it
   */
  public static List<ModelFolder> under(List<Path> roots) {
    List<ModelFolder> found = new ArrayList<>();
    for (Path root : roots) {
      List<ModelFolder> here = under(root);
      if (here.isEmpty()) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            root + ": no folder at or under it holds a " + MODEL + " (and an io.safetensors)");
      }
      found.addAll(here);
    }
    return found;
  }

  private static List<ModelFolder> under(Path root) {
    if (!Files.isDirectory(root)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          root + (Files.exists(root) ? " is not a folder; name its folder" : ": no such folder"));
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName() != null && file.getFileName().toString().equals(MODEL))
          .map(file -> new ModelFolder(file.toAbsolutePath().normalize().getParent()))
          .sorted((a, b) -> a.folder.compareTo(b.folder))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, root + " cannot be searched: " + e.getMessage(), e);
    }
  }

  /** The folder's own name. */
  public String name() {
    return folder.getFileName() == null ? folder.toString() : folder.getFileName().toString();
  }

  Path model() {
    return folder.resolve(MODEL);
  }

  Path samples() {
    return folder.resolve("io.safetensors");
  }
}
