package io.ait4j.lower.bench;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model to time.
 *
 * @param name for the table
 * @param model an {@code .aitm} file, or one that is converted first
 * @param inputs a safetensors file with {@code input0}, {@code input1}...
 */
public record BenchTarget(String name, Path model, Path inputs) {
  private static final String INPUTS = "io.safetensors";

  /** What a folder is timed by, the first that is there. */
  private static final List<String> MODELS =
      List.of("model.aitm", "model.pt", "model.pt2", "model.onnx");

  /**
   * The models that {@code paths} name: files, or folders with a model and {@code io.safetensors}
   * at or under them.
   *
   * @param inputs for a single file in place of {@code io.safetensors} beside it
   * @throws ModelException (USAGE) if {@code inputs} is given for several models; (IMPORT) if a
   *     path holds none, or its inputs are not there
   */
  public static List<BenchTarget> under(List<Path> paths, Optional<Path> inputs) {
    List<BenchTarget> found = new ArrayList<>();
    for (Path path : paths) {
      found.addAll(Files.isDirectory(path) ? in(path, inputs) : List.of(file(path, inputs)));
    }
    if (found.size() > 1 && inputs.isPresent()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "--inputs is for one model, but there are %d".formatted(found.size()));
    }
    return found;
  }

  private static BenchTarget file(Path path, Optional<Path> inputs) {
    if (!Files.exists(path)) {
      throw new ModelException(ModelException.Kind.IMPORT, path + ": no such file or folder");
    }
    Path recorded = inputs.orElseGet(() -> path.resolveSibling(INPUTS));
    if (!Files.exists(recorded)) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s: there is no %s to run it on; give --inputs".formatted(path, recorded));
    }
    return new BenchTarget(path.getFileName().toString(), path, recorded);
  }

  private static List<BenchTarget> in(Path root, Optional<Path> inputs) {
    try (Stream<Path> files = Files.walk(root)) {
      List<BenchTarget> found =
          files
              .filter(Files::isDirectory)
              .sorted()
              .flatMap(
                  folder -> folder(folder, inputs.orElseGet(() -> folder.resolve(INPUTS))).stream())
              .toList();
      if (found.isEmpty()) {
        throw new ModelException(
            ModelException.Kind.IMPORT,
            "%s: no folder at or under it holds %s and %s to run it on"
                .formatted(root, String.join(" or ", MODELS), INPUTS));
      }
      return found;
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT, root + " cannot be searched: " + e.getMessage(), e);
    }
  }

  private static Optional<BenchTarget> folder(Path folder, Path inputs) {
    return MODELS.stream()
        .map(folder::resolve)
        .filter(file -> Files.exists(file) && Files.exists(inputs))
        .map(
            file ->
                new BenchTarget(
                    folder.toAbsolutePath().normalize().getFileName().toString(), file, inputs))
        .findFirst();
  }

  boolean isConverted() {
    return model.toString().endsWith(".aitm");
  }

  /** A file of this name where the model lies; the model itself if it is of that format. */
  Path beside(String name) {
    String extension = name.substring(name.lastIndexOf('.'));
    return model.toString().endsWith(extension) ? model : model.resolveSibling(name);
  }
}
