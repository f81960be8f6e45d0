package io.ait4j.lower.verify;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder with model files and what was recorded of them, {@code io*.safetensors}. */
public record ModelFolder(Path folder) {
  public ModelFolder {
    folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Every model of these formats at or under {@code roots}, each root's in order of folder.
   *
   * @throws ModelException (IMPORT) if a root is not there or has none under it
   */
  public static List<VerifyTarget> under(List<Path> roots, Set<VerifyFormat> formats) {
    List<VerifyTarget> found = new ArrayList<>();
    for (Path root : roots) {
      List<VerifyTarget> here = under(root, formats);
      if (here.isEmpty()) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "%s: no folder at or under it holds a %s (and recordings io*.safetensors)"
                .formatted(
                    root,
                    formats.stream()
                        .map(VerifyFormat::files)
                        .distinct()
                        .collect(Collectors.joining(" or "))));
      }
      found.addAll(here);
    }
    return found;
  }

  private static List<VerifyTarget> under(Path root, Set<VerifyFormat> formats) {
    if (!Files.isDirectory(root)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          root + (Files.exists(root) ? " is not a folder; name its folder" : ": no such folder"));
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isDirectory)
          .sorted()
          .flatMap(folder -> new ModelFolder(folder).targets(formats).stream())
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(root, e);
    }
  }

  /**
   * What this folder itself holds.
   *
   * @throws ModelException (IMPORT) if it cannot be read
   */
  public List<VerifyTarget> targets(Set<VerifyFormat> formats) {
    List<VerifyTarget> targets = new ArrayList<>();
    try {
      for (VerifyFormat format : formats) {
        targets.addAll(format.in(folder));
      }
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    return targets;
  }

  private static ModelException unreadable(Path folder, Exception e) {
    return new ModelException(
        ModelException.Kind.IMPORT, folder + " cannot be searched: " + e.getMessage(), e);
  }
}
