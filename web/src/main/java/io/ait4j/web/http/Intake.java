package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.FileUploadByteCountLimitException;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;

/** Takes bodies with files: a few at a time, each in a folder of its own that goes with it. */
final class Intake {
  private static final int WAIT_SECONDS = 10;

  private final HttpSettings settings;
  private final Drain drain;
  private final Semaphore slots;

  /**
   * Empties the folder of what a server that died left there.
   *
   * @throws ModelException (IO) if there is no such folder
   */
  Intake(HttpSettings settings, Drain drain) {
    try {
      if (Files.exists(settings.scratch())) {
        delete(settings.scratch());
      }
      Files.createDirectories(settings.scratch());
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO,
          "cannot use the folder %s for uploads: %s".formatted(settings.scratch(), e),
          e);
    }
    this.settings = settings;
    this.drain = drain;
    this.slots = new Semaphore(settings.maxUploads(), true);
  }

  /** What is done with a body. */
  interface Work {
    void run(Receiver receiver) throws IOException;
  }

  /** Runs {@code work}; whatever it left of the received files is deleted then. */
  void take(Context ctx, Work work) {
    drain.refuseNewWork();
    try {
      Receiver.expect(ctx.req().getContentLengthLong(), settings);
      if (!slots.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new Problem(
            Problems.TOO_MANY_REQUESTS,
            "the server receives %d uploads already".formatted(settings.maxUploads()),
            List.of(),
            WAIT_SECONDS);
      }
      try {
        Path folder = Files.createTempDirectory(settings.scratch(), "r");
        try {
          work.run(new Receiver(folder, settings));
        } finally {
          delete(folder);
        }
      } finally {
        slots.release();
      }
    } catch (IOException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problems.UNAVAILABLE, "the server is being stopped", List.of(), 1);
    }
  }

  private Problem refused(IOException e) {
    if (e instanceof FileUploadByteCountLimitException || e instanceof FileUploadSizeException) {
      return new Problem(
          Problems.TOO_LARGE,
          "a request holds at most %d bytes".formatted(settings.maxUploadBytes()));
    }
    Optional<Problem> broken = BrokenBody.problem(e);
    if (broken.isPresent()) {
      return broken.get();
    }
    if (e instanceof FileUploadException || e.getClass().getName().contains("fileupload")) {
      return new Problem(
          Problems.BAD_REQUEST, "the body is no multipart/form-data: " + e.getMessage());
    }
    throw new UncheckedIOException(e);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
