package io.ait4j.web.jobs;

/** An upload was deleted before a conversion of it was asked for. */
public final class UploadGone extends Exception {
  private static final long serialVersionUID = 1L;

  /** Names the upload. */
  public UploadGone(String id) {
    super("there is no upload " + id + " any more; send the file again");
  }
}
