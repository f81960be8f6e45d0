package io.ait4j.web.infer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Remembers for a second what a source has found, so that requests need not ask a database. */
final class RecentModels implements ModelSource {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST = 1000;

  private record Question(String name, Optional<String> version) {}

  private record Found(ModelFile model, long at) {}

  private final ModelSource source;
  private final Map<Question, Found> found = new ConcurrentHashMap<>();

  RecentModels(ModelSource source) {
    this.source = source;
  }

  @Override
  public Optional<ModelFile> find(String name, Optional<String> version) {
    Question question = new Question(name, version);
    Found known = found.get(question);
    if (known != null && System.nanoTime() - known.at < FRESH_NANOS) {
      return Optional.of(known.model);
    }
    Optional<ModelFile> model = source.find(name, version);
    if (found.size() >= MOST) {
      found.clear();
    }
    model.ifPresentOrElse(
        file -> found.put(question, new Found(file, System.nanoTime())),
        () -> found.remove(question));
    return model;
  }

  @Override
  public List<ModelFile> list() {
    return source.list();
  }
}
