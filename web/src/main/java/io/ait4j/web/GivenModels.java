package io.ait4j.web;

import io.ait4j.fx.ModelException;
import io.ait4j.web.infer.ModelFile;
import io.ait4j.web.store.ContentHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The {@code .aitm} files that the operator gave the server to serve. */
final class GivenModels {
  private static final String OWNER = "server";

  private GivenModels() {}

  /**
   * Looks at each file.
   *
   * @throws ModelException (USAGE) if one cannot be read
   */
  static List<ModelFile> of(Map<String, Path> files) {
    return files.entrySet().stream().map(e -> model(e.getKey(), e.getValue())).toList();
  }

  private static ModelFile model(String name, Path file) {
    Path path = file.toAbsolutePath().normalize();
    return new ModelFile(name, "1", OWNER, sha256(name, path), () -> path);
  }

  private static String sha256(String name, Path file) {
    try {
      return ContentHash.of(file);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "cannot read the file of --model %s=%s: %s".formatted(name, file, e.getMessage()),
          e);
    }
  }
}
