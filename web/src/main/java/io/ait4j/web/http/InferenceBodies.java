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
  private static final int SMALL_AT_A_TIME = 256;
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final HttpSettings settings;
  private final FairSlots small = new FairSlots(SMALL_AT_A_TIME, "inferences on their way");
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
      return length >= 0 && length <= FIRST_BYTES
          ? new ByteArrayInputStream(head(body, (int) length))
          : receive(body, length, Caller.account(ctx));
    } catch (IOException e) {
      throw BrokenBody.problem(e).orElseThrow(() -> e);
    }
  }

  private InputStream receive(InputStream body, long length, String account)
      throws IOException, InterruptedException {
    FairSlots.Slot slot = small.take(account, WAIT);
    boolean kept = false;
    try {
      byte[] head = head(body, length < 0 ? SMALL_BYTES : (int) Math.min(length, SMALL_BYTES));
      InputStream begin = new ByteArrayInputStream(head);
      if (head.length < SMALL_BYTES || length == SMALL_BYTES) {
        kept = true;
        return new Held(begin, slot);
      }
      Receiver.room(settings.scratch(), Math.max(0, length), settings.minFreeBytes());
      return onDisk(new SequenceInputStream(begin, body), account);
    } finally {
      if (!kept) {
        slot.close();
      }
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
      return new Held(Channels.newInputStream(file), slot);
    } catch (Throwable e) {
      try (slot) {
        if (file != null) {
          file.close();
        }
      }
      throw e;
    }
  }

  /** A body that has a slot until it is closed. */
  private static final class Held extends FilterInputStream {
    private final FairSlots.Slot slot;
    private boolean closed;

    Held(InputStream body, FairSlots.Slot slot) {
      super(body);
      this.slot = slot;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        try (slot) {
          in.close();
        }
      }
    }
  }
}
