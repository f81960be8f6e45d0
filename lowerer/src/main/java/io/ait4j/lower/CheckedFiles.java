package io.ait4j.lower;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files whose constants were found whole, by where they are, what they are and when they were last
 * written to: they are too large to be read at each load.
 *
 * @param folder made when needed; where nothing can be kept, all is checked each time
 */
record CheckedFiles(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(CheckedFiles.class);

  /** A file that is written to again within a tick of the file system's clock looks as before. */
  private static final int TICK_SECONDS = 2;

  /**
   * What changes when a file is replaced or written to.
   *
   * @param settled whether it was last written to so long ago that writing to it now would show
   */
  record State(String text, boolean settled) {
    static State of(Path file) throws IOException {
      Instant now = Instant.now();
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      Instant written = found.lastModifiedTime().toInstant();
      return new State(
          "%s %s %d %s".formatted(file.toRealPath(), found.fileKey(), found.size(), written),
          written.plusSeconds(TICK_SECONDS).isBefore(now));
    }
  }

  /**
   * Whether the file is as it was when it was checked.
   *
   * @param content tells what it should hold from others
   */
  boolean has(Path file, String content) {
    try {
      return Files.readString(entry(file)).equals(text(content, State.of(file)));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      LOG.debug("Cannot tell whether {} was checked", file, e);
      return false;
    }
  }

  /**
   * Remembers a file that was checked.
   *
   * @param before its state as it was before: one that changes meanwhile, or that could have
   *     changed and look as before, is not remembered
   */
  void add(Path file, String content, State before) {
    try {
      if (!before.settled || !before.text.equals(State.of(file).text)) {
        return;
      }
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "draft", "");
      try {
        Files.writeString(draft, text(content, before));
        Files.move(draft, entry(file), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      LOG.debug("Cannot remember that {} was checked", file, e);
    }
  }

  private static String text(String content, State state) {
    return content + " " + state.text;
  }

  /** One for each path, whatever is written there later. */
  private Path entry(Path file) throws IOException {
    byte[] path = file.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
    return folder.resolve(Fingerprint.of(MemorySegment.ofArray(path)).hex());
  }
}
