package io.ait4j.fx;

import java.lang.foreign.MemorySegment;

/** What of a mapped file is in memory. */
public final class Residency {
  private Residency() {}

  /**
   * Lets go of the memory behind a segment of a mapped file; its next reader gets it from the file
   * again. Other segments stay as they are.
   */
  public static void release(MemorySegment segment) {
    if (segment.isMapped() && segment.byteSize() > 0) {
      segment.unload();
    }
  }
}
