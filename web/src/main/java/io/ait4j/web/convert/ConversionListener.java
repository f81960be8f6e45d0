package io.ait4j.web.convert;

/** Hears of a conversion as it goes, from one thread at a time. */
public interface ConversionListener {
  /**
   * The conversion has come this far.
   *
   * @param percent 0 to 100 of the whole, never less than before
   * @param message a few words on what is being done
   */
  void progress(Stage stage, int percent, String message);

  /** A line of the worker's log, at most 1000 characters, without control characters. */
  void log(String line);
}
