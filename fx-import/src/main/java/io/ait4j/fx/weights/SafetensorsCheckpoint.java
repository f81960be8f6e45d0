package io.ait4j.fx.weights;

import io.ait4j.fx.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** A safetensors file as a checkpoint. */
final class SafetensorsCheckpoint {
  private SafetensorsCheckpoint() {}

  static Checkpoint open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return new Checkpoint(
          file.toString(), Safetensors.read(file, arena).tensors(), () -> close(arena));
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static void close(Arena arena) {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
