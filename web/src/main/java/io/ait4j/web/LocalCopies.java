package io.ait4j.web;

import io.ait4j.fx.ModelException;
import io.ait4j.web.store.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/**
 * Artifacts as local files: the store's own where it is local, else copies, of which the latest are
 * kept. A worker goes on with its file when it is deleted here. Thread-safe.
 */
final class LocalCopies {
  static final int KEPT = 16;

  private final FileStore store;
  private final Path folder;
  private final LinkedHashMap<String, Path> copies = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param folder for copies; emptied
   */
  LocalCopies(FileStore store, Path folder) {
    this.store = store;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      try (var left = Files.newDirectoryStream(folder)) {
        for (Path file : left) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  synchronized Path of(String key) {
    Path known = copies.get(key);
    if (known != null && Files.exists(known)) {
      return known;
    }
    Path file = store.local(key, folder);
    if (file.startsWith(folder)) {
      copies.put(key, file);
      if (copies.size() > KEPT) {
        Path oldest = copies.pollFirstEntry().getValue();
        try {
          Files.deleteIfExists(oldest);
        } catch (IOException e) {
          throw failed(e);
        }
      }
    }
    return file;
  }

  private ModelException failed(IOException e) {
    return new ModelException(
        ModelException.Kind.IO, "cannot keep copies of models in %s: %s".formatted(folder, e), e);
  }
}
