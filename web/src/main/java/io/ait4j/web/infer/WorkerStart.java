package io.ait4j.web.infer;

import io.ait4j.web.process.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a model's workers, one after the other, in one folder and with one area for inputs. */
final class WorkerStart implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerStart.class);

  /** What a worker takes beside the model itself and what it shares. */
  private static final long WORKER_BYTES = 256L << 20;

  /** Of the time that loading may take, what a trial run may. */
  private static final int TRIAL_PART = 10;

  /** Hears of a worker as soon as there is a process, which may be ended while it loads. */
  interface Registry {
    void register(ModelWorker loading) throws InferenceFailed;
  }

  private final ModelFile model;
  private final InferenceSettings settings;
  private final SharedArea inputs = new SharedArea();
  private FreeList inputSpace;
  private Path folder;
  private Duration trial;

  WorkerStart(ModelFile model, InferenceSettings settings) {
    this.model = model;
    this.settings = settings;
    this.trial = settings.loadTimeout().dividedBy(TRIAL_PART);
  }

  /** About how much memory a worker takes. */
  long bytes() throws IOException {
    return Files.size(model.file().get()) + WORKER_BYTES + 2 * settings.sharedBytes();
  }

  /** Room for a request's inputs, once there was a worker. */
  InputBlocks blocks(int count) {
    return new InputBlocks(inputs, inputSpace, count);
  }

  /**
   * Starts one.
   *
   * @throws io.ait4j.fx.ModelException if the model cannot be loaded
   */
  ModelWorker start(Registry registry, ModelWorker.Listener listener)
      throws InferenceFailed, WorkerDied, IOException {
    folder = folder == null ? WorkerFolder.make(settings.folder()) : folder;
    ModelWorker loaded;
    try {
      loaded = load(registry);
    } catch (TrialFailed e) {
      LOG.warn(
          "model {} version {}: {}", model.name(), model.version(), LogLines.line(e.getMessage()));
      trial = Duration.ZERO;
      try {
        loaded = load(registry);
      } catch (TrialFailed again) {
        throw new WorkerDied("its worker process tries it out although it should not");
      }
    }
    try {
      AreaSizes sizes = AreaSizes.of(loaded.description(), settings);
      if (inputSpace == null) {
        inputs.allocate(sizes.inputs());
        inputSpace = new FreeList(inputs.bytes());
      }
      loaded.begin(sizes.outputs(), listener);
    } catch (Throwable e) {
      loaded.close();
      throw e;
    }
    LOG.info("model {} version {} is loaded", model.name(), model.version());
    return loaded;
  }

  private ModelWorker load(Registry registry)
      throws InferenceFailed, WorkerDied, TrialFailed, IOException {
    ModelWorker worker = ModelWorker.start(model.file().get(), folder, inputs, trial, settings);
    try {
      registry.register(worker);
      worker.awaitLoaded();
      return worker;
    } catch (Throwable e) {
      worker.close();
      throw e;
    }
  }

  @Override
  public void close() {
    inputs.close();
    if (folder != null) {
      WorkerFolder.delete(folder);
    }
  }
}
