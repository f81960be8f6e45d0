package io.ait4j.web.http;

import io.ait4j.fx.ModelException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.FileUploadByteCountLimitException;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;

/** Takes bodies with files: a few at a time, each in a folder of its own that goes with it. */
final class Intake {
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final HttpSettings settings;
  private final Drain drain;
  private final FairSlots slots;

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
    this.slots = new FairSlots(settings.maxUploads(), "uploads on their way");
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
      try (FairSlots.Slot slot = slots.take(Caller.account(ctx), WAIT)) {
        Path folder = Files.createTempDirectory(settings.scratch(), "r");
        try {
          work.run(new Receiver(folder, settings.maxUploadBytes(), settings.minFreeBytes()));
        } finally {
          delete(folder);
        }
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
