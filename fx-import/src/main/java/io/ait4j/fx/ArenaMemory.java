package io.ait4j.fx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that a caller's arena frees. */
public final class ArenaMemory {
  private ArenaMemory() {}

  /**
   * @param free runs when the arena is closed, or at once if it takes nothing any more
   * @throws ModelException (USAGE) if it is closed, or another thread's
   */
  public static MemorySegment of(long address, long bytes, Arena arena, Runnable free) {
    try {
      return MemorySegment.ofAddress(address).reinterpret(bytes, arena, freed -> free.run());
    } catch (IllegalStateException | WrongThreadException e) {
      free.run();
      throw new ModelException(
          ModelException.Kind.USAGE,
          arena.scope().isAlive()
              ? "the arena is another thread's; pass a shared or automatic one"
              : "the arena is closed; pass an open one",
          e);
    }
  }
}
