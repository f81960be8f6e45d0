package io.ait4j.web.infer;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which parts of an area are taken: first fit, in units of a cache line. Thread-safe. */
final class FreeList {
  private static final long UNIT = 64;

  private final TreeMap<Long, Long> free = new TreeMap<>();
  private final Map<Long, Long> taken = new HashMap<>();
  private final long capacity;

  FreeList(long capacity) {
    this.capacity = capacity / UNIT * UNIT;
    free.put(0L, this.capacity);
  }

  /** Whether that many bytes can be had when nothing else is taken. */
  boolean canHold(long bytes) {
    return bytes <= capacity;
  }

  /** Where that many bytes begin, which are the caller's now; empty if they are not to be had. */
  synchronized OptionalLong take(long bytes) {
    if (!canHold(bytes)) {
      return OptionalLong.empty();
    }
    long size = Math.max(1, Math.ceilDiv(bytes, UNIT)) * UNIT;
    for (Map.Entry<Long, Long> range : free.entrySet()) {
      if (range.getValue() >= size) {
        long begin = range.getKey();
        long left = range.getValue() - size;
        free.remove(begin);
        if (left > 0) {
          free.put(begin + size, left);
        }
        taken.put(begin, size);
        return OptionalLong.of(begin);
      }
    }
    return OptionalLong.empty();
  }

  /** Gives back what begins there. */
  synchronized void give(long begin) {
    Long size = taken.remove(begin);
    if (size == null) {
      throw new IllegalArgumentException("nothing is taken at " + begin);
    }
    Map.Entry<Long, Long> before = free.lowerEntry(begin);
    if (before != null && before.getKey() + before.getValue() == begin) {
      begin = before.getKey();
      size += before.getValue();
    }
    Long after = free.remove(begin + size);
    free.put(begin, after == null ? size : size + after);
  }

  /** Bytes that are taken. */
  synchronized long takenBytes() {
    return taken.values().stream().mapToLong(Long::longValue).sum();
  }
}
