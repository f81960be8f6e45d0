package io.ait4j.fx;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Files that appear whole or not at all: written beside their place, then renamed into it. */
public final class WholeFile {
  /** Writes the content. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param part an empty file beside the one to appear
     */
    void writeTo(Path part) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes {@code file}, in place of what was there.
   *
   * @throws ModelException (IO) if it cannot be written; nothing is left behind then
   */
  public static void write(Path file, Content content) {
    requirePlace(file);
    Path target = file.toAbsolutePath();
    Path part =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        Files.createFile(part);
        content.writeTo(part);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw cannot(file, reason(e), e);
    }
  }

  /**
   * Fails where {@code file} could not be written, before work is done for it.
   *
   * @throws ModelException (IO) if it is a folder, or its folder is none or not to be written to
   */
  public static void requirePlace(Path file) {
    Path target = file.toAbsolutePath();
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw cannot(file, "it is a folder", null);
    }
    Path folder = target.getParent();
    if (!Files.isDirectory(folder)) {
      throw cannot(
          file,
          Files.exists(folder) ? folder + " is no folder" : "its folder does not exist",
          null);
    }
    if (!Files.isWritable(folder)) {
      throw cannot(file, "permission denied for " + folder, null);
    }
  }

  private static ModelException cannot(Path file, String why, IOException e) {
    return new ModelException(ModelException.Kind.IO, file + " cannot be written: " + why, e);
  }

  /** What went wrong, in words: the JDK's own messages are often no more than a path. */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case NoSuchFileException missing -> "its folder does not exist";
      case FileAlreadyExistsException taken -> taken.getFile() + " is there and is no folder";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case IOException other -> other.getMessage() == null ? other.toString() : other.getMessage();
    };
  }
}
