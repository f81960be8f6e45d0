package io.ait4j.lower;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files whose constants were found whole, by what they are and when they were last written to: they
 * are too large to be read at each load.
 *
 * @param folder made when needed; where nothing can be kept, all is checked each time
 */
record CheckedFiles(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(CheckedFiles.class);

  /**
   * Whether the file is as it was when it was checked.
   *
   * @param content tells what it should hold from others
   */
  boolean has(Path file, String content) {
    try {
      return Files.readString(folder.resolve(content)).equals(state(file));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("Cannot tell whether {} was checked", file, e);
      return false;
    }
  }

  /** What changes when the file is replaced or written to. */
  static String state(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return "%s %s %d %s"
        .formatted(file.toRealPath(), now.fileKey(), now.size(), now.lastModifiedTime());
  }

  /**
   * Remembers a file that was checked.
   *
   * @param before {@link #state} as it was before: one that changes meanwhile is not remembered
   */
  void add(Path file, String content, String before) {
    try {
      if (!before.equals(state(file))) {
        return;
      }
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "draft", "");
      Files.writeString(draft, before);
      Files.move(draft, folder.resolve(content), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.debug("Cannot remember that {} was checked", file, e);
    }
  }
}
