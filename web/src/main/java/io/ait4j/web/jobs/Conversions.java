package io.ait4j.web.jobs;

import io.ait4j.fx.ModelException;
import io.ait4j.web.convert.ConversionFailed;
import io.ait4j.web.convert.ConversionResult;
import io.ait4j.web.convert.ConversionTask;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.store.ContentHash;
import io.ait4j.web.store.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** From inputs in the store to a result in the store. */
final class Conversions {
  private static final String ARTIFACT = "model.aitm";
  private static final String REPORT_JSON = "report.json";
  private static final String REPORT_HTML = "report.html";
  private static final String MEASUREMENTS = "measurements.json";
  private static final List<String> FILES =
      List.of(ARTIFACT, REPORT_JSON, REPORT_HTML, MEASUREMENTS);

  private final FileStore store;
  private final Converter converter;
  private final Doomed doomed;
  private final Scratch scratch;

  Conversions(FileStore store, Converter converter, Doomed doomed, Scratch scratch) {
    this.store = store;
    this.converter = converter;
    this.doomed = doomed;
    this.scratch = scratch;
  }

  /** What was made, and all its keys. */
  record Made(Works.Result result, List<String> keys) {}

  /**
   * Converts on this thread.
   *
   * @throws ModelException (IO) if the store, or the disk here, has failed
   */
  Made convert(Run run) throws ConversionFailed, InterruptedException {
    Works.Attempt attempt = run.attempt();
    Path folder = scratch.folder(attempt.work() + "-" + attempt.number());
    try {
      Path inputs = Files.createDirectory(folder.resolve("in"));
      Path outputs = Files.createDirectory(folder.resolve("out"));
      doomed.beforePut(FILES.stream().map(file -> place(attempt) + file).toList());
      ConversionResult made = run.interruptibly(() -> convert(run, inputs, outputs));
      return put(run, made);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot use the folder for what is temporary: " + e, e);
    } finally {
      Scratch.discard(folder);
    }
  }

  private static String place(Works.Attempt attempt) {
    String work = attempt.work();
    return "results/%s/%s-%d/".formatted(work.substring(work.length() - 2), work, attempt.number());
  }

  private ConversionResult convert(Run run, Path inputs, Path outputs)
      throws ConversionFailed, InterruptedException {
    Works.Attempt attempt = run.attempt();
    return converter.convert(
        new ConversionTask(
            local(attempt.model(), inputs),
            attempt.weights().map(weights -> local(weights, inputs)),
            attempt.samples().stream().map(sample -> local(sample, inputs)).toList(),
            attempt.settings(),
            attempt.owner(),
            outputs),
        run);
  }

  private Path local(Upload upload, Path folder) {
    return store.local(upload.key(), folder);
  }

  private Made put(Run run, ConversionResult made)
      throws IOException, ConversionFailed, InterruptedException {
    Works.Attempt attempt = run.attempt();
    String place = place(attempt);
    Job.Artifact artifact =
        new Job.Artifact(
            ContentHash.of(made.artifact()),
            Files.size(made.artifact()),
            place + ARTIFACT,
            place + REPORT_JSON,
            place + REPORT_HTML,
            made.measurements().map(file -> place + MEASUREMENTS));
    List<String> keys =
        Stream.concat(
                Stream.of(artifact.key(), artifact.reportJsonKey(), artifact.reportHtmlKey()),
                artifact.measurementsKey().stream())
            .toList();
    List<Path> files = new ArrayList<>();
    files.add(made.artifact());
    files.add(made.reportJson());
    files.add(made.reportHtml());
    made.measurements().ifPresent(files::add);
    return run.interruptibly(
        () -> {
          for (int i = 0; i < files.size(); i++) {
            store.put(keys.get(i), files.get(i));
          }
          return new Made(new Works.Result(artifact, made.seconds()), keys);
        });
  }
}
