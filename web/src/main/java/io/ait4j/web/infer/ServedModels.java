package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that are served: each is loaded by the first request to it, and unloaded when others
 * need its memory. Thread-safe.
 */
public final class ServedModels implements AutoCloseable {
  /** Where a model stands, in the words of Triton's repository index. */
  public enum State {
    READY,
    LOADING,
    UNAVAILABLE
  }

  /**
   * A model that there is.
   *
   * @param reason in words, if it is not loaded
   * @param description what it says of itself, if it is loaded
   */
  public record Entry(
      String name,
      String version,
      State state,
      String reason,
      Optional<ModelDescription> description) {}

  private record Key(String name, String version, String sha256) {
    static Key of(ModelFile file) {
      return new Key(file.name(), file.version(), file.sha256());
    }
  }

  private static final int MOST_KNOWN = 100;

  private final ModelSource source;
  private final InferenceSettings settings;
  private final MeterRegistry registry;
  private final MemoryBudget budget;
  private final Map<Key, ServedModel> models = new ConcurrentHashMap<>();

  /**
   * @throws ModelException (IO) if the settings' folder cannot be made
   */
  public ServedModels(ModelSource source, InferenceSettings settings, MeterRegistry registry) {
    WorkerFolder.prepare(settings.folder());
    this.source = new RecentModels(source);
    this.settings = settings;
    this.registry = registry;
    this.budget = new MemoryBudget(settings.memoryBytes());
  }

  /**
   * The model that a request will be for, so that one without a chance is not received first.
   *
   * @throws InferenceFailed (UNKNOWN_MODEL, UNAVAILABLE, BUSY)
   */
  public ModelFile expect(String name, Optional<String> version) throws InferenceFailed {
    ModelFile file = find(name, version);
    ServedModel model = models.get(Key.of(file));
    if (model != null) {
      model.requireRoom();
    }
    return file;
  }

  /**
   * Begins a request, for which the model is loaded if it is not.
   *
   * @throws InferenceFailed (UNAVAILABLE, BUSY)
   */
  public InferenceRequest begin(ModelFile file) throws InferenceFailed {
    ServedModel model = enter(file);
    try {
      return new InferenceRequest(model);
    } catch (InferenceFailed e) {
      model.meters().failed(e.reason());
      model.leave();
      throw e;
    } catch (IllegalStateException e) { // its memory was closed meanwhile
      model.leave();
      throw new InferenceFailed(
          InferenceFailed.Reason.UNAVAILABLE,
          "model '" + file.name() + "' was unloaded; try again");
    }
  }

  /** How long a request may take in all. */
  public Duration limit() {
    return settings.timeout();
  }

  /** What a model takes and gives; it is loaded for that. */
  public ModelDescription describe(String name, Optional<String> version) throws InferenceFailed {
    ServedModel model = enter(find(name, version));
    try {
      return model.worker().description();
    } finally {
      model.leave();
    }
  }

  /** A model's file, which has the version that a request without one is for. */
  public ModelFile find(String name, Optional<String> version) throws InferenceFailed {
    return source
        .find(name, version)
        .orElseThrow(
            () ->
                new InferenceFailed(
                    InferenceFailed.Reason.UNKNOWN_MODEL,
                    "there is no model '%s'%s"
                        .formatted(name, version.map(v -> " of version " + v).orElse(""))));
  }

  private void forget(ServedModel model) {
    models.remove(Key.of(model.model()), model);
  }

  /** Forgets those of many models that are not loaded, the longest unused first. */
  private void forgetSome() {
    models.values().stream()
        .filter(model -> model.loaded().isEmpty())
        .sorted(Comparator.comparingLong(ServedModel::lastUsed))
        .limit(Math.max(0, models.size() - MOST_KNOWN))
        .forEach(ServedModel::closeIfIdle);
  }

  private ServedModel enter(ModelFile file) throws InferenceFailed {
    forgetSome();
    while (true) {
      ServedModel model =
          models.computeIfAbsent(
              Key.of(file), key -> new ServedModel(file, settings, budget, registry, this::forget));
      if (model.enter()) {
        return model;
      }
      model.awaitReleased();
    }
  }

  /** Where a model stands; one that is not loaded is as good as ready. */
  public Entry state(String name, Optional<String> version) throws InferenceFailed {
    return entry(find(name, version));
  }

  private Entry entry(ModelFile file) {
    ServedModel model = models.get(Key.of(file));
    Optional<ModelDescription> loaded =
        model == null ? Optional.empty() : model.loaded().map(ModelWorker::description);
    String reason = model == null ? "" : model.unavailable();
    State state =
        !reason.isEmpty()
            ? State.UNAVAILABLE
            : loaded.isPresent()
                ? State.READY
                : model != null && model.isLoading() ? State.LOADING : State.UNAVAILABLE;
    if (state == State.UNAVAILABLE && reason.isEmpty()) {
      reason = NOT_LOADED;
    }
    return new Entry(file.name(), file.version(), state, reason, loaded);
  }

  /** The reason of a model that the next request loads. */
  public static final String NOT_LOADED = "not loaded; the first request loads it";

  /** The newest version of each model, and older ones that are loaded. */
  public List<Entry> index() {
    List<ModelFile> files = new ArrayList<>(source.list());
    for (ServedModel model : models.values()) {
      ModelFile loaded = model.model();
      boolean listed = files.stream().anyMatch(file -> Key.of(file).equals(Key.of(loaded)));
      boolean exists =
          source
              .find(loaded.name(), Optional.of(loaded.version()))
              .filter(file -> Key.of(file).equals(Key.of(loaded)))
              .isPresent();
      if (!listed && exists) {
        files.add(loaded);
      }
    }
    return files.stream().map(this::entry).toList();
  }

  /** Loads a model, also one that could not be loaded before. */
  public void load(String name, Optional<String> version) throws InferenceFailed {
    ModelFile file = find(name, version);
    ServedModel known = models.get(Key.of(file));
    if (known != null && !known.unavailable().isEmpty()) {
      known.close();
    }
    describe(name, version);
  }

  /** Unloads a model, all versions of it, when the requests to it are answered. */
  public void unload(String name) throws InferenceFailed {
    List<ServedModel> loaded =
        models.values().stream().filter(model -> model.model().name().equals(name)).toList();
    if (loaded.isEmpty()) {
      find(name, Optional.empty());
    }
    loaded.forEach(ServedModel::close);
  }

  /**
   * What models have done since they were loaded.
   *
   * @param name only of this model; empty for all
   */
  public Map<Entry, ModelStatistics> statistics(Optional<String> name) {
    Map<Entry, ModelStatistics> statistics = new LinkedHashMap<>();
    models.forEach(
        (key, model) -> {
          if (name.isEmpty() || name.get().equals(key.name())) {
            statistics.put(entry(model.model()), model.meters().statistics());
          }
        });
    return statistics;
  }

  /** Ends all workers, whoever waits for them. */
  @Override
  public void close() {
    models.values().forEach(ServedModel::end);
    models.clear();
  }
}
