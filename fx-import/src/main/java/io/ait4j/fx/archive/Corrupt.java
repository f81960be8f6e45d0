package io.ait4j.fx.archive;

/** What is wrong with a file, as the end of a sentence that names the file. */
final class Corrupt extends Exception {
  private static final long serialVersionUID = 1L;

  Corrupt(String message) {
    super(message);
  }
}
