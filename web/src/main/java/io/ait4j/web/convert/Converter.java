package io.ait4j.web.convert;

/** Converts models one at a time on the calling thread, several threads at a time. */
public interface Converter {
  /**
   * Converts in a process of its own.
   *
   * @throws ConversionFailed with a kind and a message for the model's owner
   * @throws InterruptedException if this thread is interrupted: by then the worker and all it
   *     started are dead, and the folder is as they left it
   */
  ConversionResult convert(ConversionTask task, ConversionListener listener)
      throws ConversionFailed, InterruptedException;
}
