package io.ait4j.web.http;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/**
 * Takes the bodies of inferences: each comes whole before it takes any of a model's memory, so that
 * slow senders keep nobody out of that. Large ones come to the disk, some at a time.
 */
final class InferenceBodies {
  /** More than any model's share of memory could take, as text too. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int SMALL_BYTES = 1 << 20;
  private static final int FIRST_BYTES = 1 << 16;
  private static final int LARGE_AT_A_TIME = 64;
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final HttpSettings settings;
  private final FairSlots large = new FairSlots(LARGE_AT_A_TIME, "large inferences on their way");

  InferenceBodies(HttpSettings settings) {
    this.settings = settings;
  }

  /**
   * Receives a body.
   *
   * @param limit by when it must have come
   * @return all of it; its end closes it too
   */
  InputStream receive(Context ctx, Duration limit) throws IOException, InterruptedException {
    long length = ctx.req().getContentLengthLong();
    if (length > MOST_BYTES) {
      throw Receiver.tooLarge(MOST_BYTES);
    }
    InputStream body = HeldMemory.within(limit, ctx.req().getInputStream());
    try {
      boolean small = length >= 0 && length <= SMALL_BYTES;
      byte[] head = head(body, small ? (int) length : SMALL_BYTES);
      InputStream begin = new ByteArrayInputStream(head);
      return small || head.length < SMALL_BYTES
          ? begin
          : onDisk(new SequenceInputStream(begin, body), Caller.account(ctx));
    } catch (IOException e) {
      throw BrokenBody.problem(e).orElseThrow(() -> e);
    }
  }

  /** The first bytes, in an array that grows as they come: not all that are announced come. */
  private static byte[] head(InputStream body, int most) throws IOException {
    byte[] head = new byte[Math.min(most, FIRST_BYTES)];
    int read = body.readNBytes(head, 0, head.length);
    while (read == head.length && read < most) {
      head = Arrays.copyOf(head, Math.min(most, 2 * read));
      read += body.readNBytes(head, read, head.length - read);
    }
    return read == head.length ? head : Arrays.copyOf(head, read);
  }

  private InputStream onDisk(InputStream body, String account)
      throws IOException, InterruptedException {
    FairSlots.Slot slot = large.take(account, WAIT);
    FileChannel file = null;
    try {
      Path path = Files.createTempFile(settings.scratch(), "i", "");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      new Receiver(settings.scratch(), MOST_BYTES, settings.minFreeBytes())
          .copy(body, Channels.newOutputStream(file));
      file.position(0);
      return new OnDisk(file, slot);
    } catch (Throwable e) {
      close(file, slot);
      throw e;
    }
  }

  private static void close(FileChannel file, FairSlots.Slot slot) throws IOException {
    try (slot) {
      if (file != null) {
        file.close();
      }
    }
  }

  private static final class OnDisk extends FilterInputStream {
    private final FileChannel file;
    private final FairSlots.Slot slot;
    private boolean closed;

    OnDisk(FileChannel file, FairSlots.Slot slot) {
      super(Channels.newInputStream(file));
      this.file = file;
      this.slot = slot;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        InferenceBodies.close(file, slot);
      }
    }
  }
}
