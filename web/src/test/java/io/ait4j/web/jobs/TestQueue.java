package io.ait4j.web.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.web.convert.ConversionResult;
import io.ait4j.web.convert.ConversionSettings;
import io.ait4j.web.convert.ConversionTask;
import io.ait4j.web.convert.Converter;
import io.ait4j.web.database.Database;
import io.ait4j.web.database.DatabaseSettings;
import io.ait4j.web.store.FileStore;
import io.ait4j.web.store.FolderStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A server's part in the queue, on a real database and a store in a folder. */
final class TestQueue implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  final Path folder;
  final Database database;
  final FileStore store;
  final JobQueue queue;

  TestQueue(Path folder, DatabaseSettings settings, Converter converter) {
    this(folder, settings, converter, Retention.FOREVER, "server", 2);
  }

  TestQueue(
      Path folder,
      DatabaseSettings settings,
      Converter converter,
      Retention retention,
      String name,
      int threads) {
    this(
        folder,
        settings,
        converter,
        retention,
        name,
        threads,
        FolderStore.open(folder.resolve("store")));
  }

  TestQueue(
      Path folder,
      DatabaseSettings settings,
      Converter converter,
      Retention retention,
      String name,
      int threads,
      FileStore store) {
    this.folder = folder;
    this.store = store;
    database = Database.open(settings);
    queue =
        JobQueue.start(
            database,
            store,
            converter,
            new QueueSettings(
                name,
                folder.toString(),
                threads,
                folder.resolve("scratch"),
                retention,
                Duration.ofMillis(200)));
  }

  Upload upload(String owner, String name, String content) {
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "upload", ""), content);
      return queue.upload(owner, name, file, sha256(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Submission submission(String owner, String content, String name, Optional<String> key) {
    return new Submission(
        owner,
        upload(owner, "model.pt", content),
        Optional.empty(),
        List.of(),
        settings(name),
        key);
  }

  static ConversionSettings settings(String name) {
    return new ConversionSettings(
        name, null, null, null, null, null, null, null, null, null, false, null, false);
  }

  Job submit(String owner, String content, String name) throws Exception {
    return queue.submit(submission(owner, content, name, Optional.empty())).job();
  }

  Job await(String job, JobState state) {
    await(() -> queue.find(job).orElseThrow().state() == state, () -> queue.find(job).toString());
    return queue.find(job).orElseThrow();
  }

  static void await(BooleanSupplier condition, java.util.function.Supplier<String> what) {
    Instant deadline = Instant.now().plus(LONG);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  String content(String key) throws IOException {
    try (InputStream bytes = store.read(key, 0, store.size(key).orElseThrow())) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files of the store. */
  List<Path> files() throws IOException {
    try (var files = Files.walk(folder.resolve("store"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** The model's text with something before it. */
  static ConversionResult result(ConversionTask task) {
    try {
      Path folder = task.folder();
      String model = text(task.model());
      return new ConversionResult(
          Files.writeString(folder.resolve("m.aitm"), "converted " + model),
          Files.writeString(folder.resolve("r.json"), "{}"),
          Files.writeString(folder.resolve("r.html"), "<html>"),
          task.settings().measure()
              ? Optional.of(Files.writeString(folder.resolve("m.json"), "{\"kernels\":[]}"))
              : Optional.empty(),
          Map.of("import", 0.25));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    queue.close();
    store.close();
    database.close();
  }
}
