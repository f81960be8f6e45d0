package io.ait4j.lower;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts who still needs a piece of memory; the last to let go frees it. */
final class Owner {
  /** Of memory that outlives the run: the caller's, or the file's. */
  static final Owner OUTSIDE = new Owner(() -> {});

  private final AtomicInteger users = new AtomicInteger(1);
  private final Runnable free;

  /** Begins with one user, the caller. */
  Owner(Runnable free) {
    this.free = free;
  }

  Owner retain() {
    if (this != OUTSIDE) {
      users.incrementAndGet();
    }
    return this;
  }

  void release() {
    if (this != OUTSIDE && users.decrementAndGet() == 0) {
      free.run();
    }
  }
}
