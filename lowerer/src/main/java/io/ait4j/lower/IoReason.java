package io.ait4j.lower;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says an I/O failure in words: the JDK's own messages are often no more than a path. */
final class IoReason {
  private IoReason() {}

  static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied for " + denied.getFile();
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileSystemException f when f.getReason() != null ->
          f.getReason() + " (" + f.getFile() + ")";
      case IOException other -> other.getMessage() == null ? other.toString() : other.getMessage();
    };
  }
}
