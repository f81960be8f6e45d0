package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders that workers write to. */
final class WorkerFolder {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerFolder.class);
  private static final String PREFIX = "model-";

  private WorkerFolder() {}

  /**
   * Makes the folder of all, and deletes what a server before this one left there.
   *
   * @throws ModelException (IO) if it cannot be made
   */
  static void prepare(Path all) {
    try {
      Files.createDirectories(all);
      try (Stream<Path> left = Files.list(all)) {
        left.filter(path -> path.getFileName().toString().startsWith(PREFIX))
            .forEach(WorkerFolder::delete);
      }
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "the folder of workers cannot be made: " + e.getMessage(), e);
    }
  }

  static Path make(Path all) throws IOException {
    return Files.createTempDirectory(all, PREFIX);
  }

  static void delete(Path folder) {
    try {
      WorkFolder.delete(folder);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", folder, e.getMessage());
    }
  }
}
