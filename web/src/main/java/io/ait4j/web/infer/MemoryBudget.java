package io.ait4j.web.infer;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory that all loaded models may take together. Thread-safe. */
final class MemoryBudget {
  private final long bytes;
  private final Map<ServedModel, Long> taken = new HashMap<>();

  MemoryBudget(long bytes) {
    this.bytes = bytes;
  }

  /** Takes memory for a model; those that are idle make room, the longest unused first. */
  void take(ServedModel model, long wanted) throws InferenceFailed {
    while (!tryTake(model, wanted)) {
      if (!makeRoom(model)) {
        throw new InferenceFailed(
            InferenceFailed.Reason.UNAVAILABLE,
            "model '%s' needs about %d MiB and %s"
                .formatted(
                    model.model().name(),
                    wanted >> 20,
                    wanted > bytes
                        ? "the server gives all models together " + (bytes >> 20)
                        : "the models in use leave less; try again"));
      }
    }
  }

  private synchronized boolean tryTake(ServedModel model, long wanted) {
    long others =
        taken.entrySet().stream()
            .filter(entry -> entry.getKey() != model)
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (wanted > bytes - others) {
      return false;
    }
    taken.put(model, wanted);
    return true;
  }

  private boolean makeRoom(ServedModel model) {
    List<ServedModel> others;
    synchronized (this) {
      others =
          taken.keySet().stream()
              .filter(other -> other != model)
              .sorted(Comparator.comparingLong(ServedModel::lastUsed))
              .toList();
    }
    return others.stream().anyMatch(ServedModel::closeIfIdle);
  }

  synchronized void give(ServedModel model) {
    taken.remove(model);
  }
}
