package io.ait4j.web.convert;

import java.nio.file.Path;
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
  static WorkerTask of(ConversionTask task, Path cache, int threads) {
    return new WorkerTask(
        task.model().toAbsolutePath().toString(),
        task.weights().map(path -> path.toAbsolutePath().toString()).orElse(null),
        task.samples().stream().map(path -> path.toAbsolutePath().toString()).toList(),
        task.settings(),
        task.folder().toAbsolutePath().toString(),
        cache.toString(),
        threads);
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
