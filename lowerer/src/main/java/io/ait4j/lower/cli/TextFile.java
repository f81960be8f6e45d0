package io.ait4j.lower.cli;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a text file that appears whole or not at all. */
final class TextFile {
  private TextFile() {}

  static void write(Path file, String text) {
    Path target = file.toAbsolutePath();
    try {
      Path part = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".part");
      try {
        Files.writeString(part, text);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (NoSuchFileException e) {
      throw cannot(file, "its folder does not exist", e);
    } catch (IOException e) {
      throw cannot(file, e.toString(), e);
    }
  }

  private static ModelException cannot(Path file, String why, IOException e) {
    return new ModelException(ModelException.Kind.IO, file + " cannot be written: " + why, e);
  }
}
