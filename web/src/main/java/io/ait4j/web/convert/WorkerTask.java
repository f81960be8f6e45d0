package io.ait4j.web.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversion as the worker process is told of it, in one line of JSON.
 *
 * @param weights null if there are none
 * @param cache the owner's folder for compiled libraries
 * @param threads most that compile or run at once
 */
record WorkerTask(
    String model,
    String weights,
    List<String> samples,
    ConversionSettings settings,
    String folder,
    String cache,
    int threads) {
  /**
   * Gives the worker its inputs under names in a folder of their own: a model may name files beside
   * it, and beside it is nobody else's.
   *
   * @throws IOException if the folder cannot be written
   */
  static WorkerTask of(ConversionTask task, Path cache, int threads) throws IOException {
    Path inputs = Files.createDirectory(task.folder().toAbsolutePath().resolve("in"));
    String weights =
        task.weights().isPresent() ? link(inputs, "weights", task.weights().get()) : null;
    List<String> samples = new ArrayList<>();
    for (Path sample : task.samples()) {
      samples.add(link(inputs, "sample" + samples.size(), sample));
    }
    return new WorkerTask(
        link(inputs, "model", task.model()),
        weights,
        samples,
        task.settings(),
        task.folder().toAbsolutePath().toString(),
        cache.toString(),
        threads);
  }

  private static String link(Path folder, String name, Path file) throws IOException {
    return Files.createSymbolicLink(folder.resolve(name), file.toAbsolutePath()).toString();
  }

  Path modelFile() {
    return Path.of(model);
  }

  Optional<Path> weightsFile() {
    return Optional.ofNullable(weights).map(Path::of);
  }

  List<Path> sampleFiles() {
    return samples.stream().map(Path::of).toList();
  }

  Path file(String name) {
    return Path.of(folder, name);
  }

  /** A message without the places where this server keeps files. */
  String withoutPaths(String message) {
    String text = named(message, "model", model);
    if (weights != null) {
      text = named(text, "weights", weights);
    }
    for (int i = 0; i < samples.size(); i++) {
      text = text.replace(samples.get(i), "sample " + (i + 1));
    }
    return text.replace(folder + "/", "").replace(cache, "the cache folder");
  }

  /** Messages often say what the file is before they name it: "cannot read the model FILE". */
  private static String named(String message, String what, String path) {
    return message.replace(what + " " + path, what).replace(path, "the " + what);
  }
}
