package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;

/** An archive that is damaged, or not what was asked for; of kind IMPORT. */
public final class ArchiveException extends ModelException {
  private static final long serialVersionUID = 1L;

  ArchiveException(String source, Corrupt why) {
    super(
        Kind.IMPORT,
        source + " cannot be read: " + why.getMessage() + "; copy or save it again",
        why);
  }

  /** What is wrong, as the end of a sentence that names the file. */
  public String reason() {
    return getCause().getMessage();
  }
}
