package io.ait4j.lower;

import com.google.protobuf.ByteString;
import io.ait4j.fx.Residency;
import io.ait4j.lower.proto.Content;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What tells the bytes of an entry from others: their number and the SHA-256 of each chunk, so that
 * all processors work on a large one.
 */
record Fingerprint(long bytes, List<ByteString> chunks) {
  private static final long CHUNK = 4 << 20;

  Fingerprint {
    chunks = List.copyOf(chunks);
  }

  /** Of memory, which leaves it again as it is read if it is a mapped file's. */
  static Fingerprint of(MemorySegment data) {
    LongStream chunks = LongStream.range(0, Math.ceilDiv(data.byteSize(), CHUNK));
    return new Fingerprint(
        data.byteSize(),
        (data.byteSize() > CHUNK ? chunks.parallel() : chunks)
            .mapToObj(i -> chunk(data, i * CHUNK))
            .toList());
  }

  static Fingerprint of(Content content) {
    return new Fingerprint(content.getBytes(), content.getSha256List());
  }

  private static ByteString chunk(MemorySegment data, long at) {
    MemorySegment chunk = data.asSlice(at, Math.min(CHUNK, data.byteSize() - at));
    MessageDigest digest = sha256();
    digest.update(chunk.asByteBuffer());
    Residency.release(chunk);
    return ByteString.copyFrom(digest.digest());
  }

  Content content(String entry) {
    return Content.newBuilder().setEntry(entry).setBytes(bytes).addAllSha256(chunks).build();
  }

  /** As one name: lower-case hexadecimal. */
  String hex() {
    MessageDigest digest = sha256();
    chunks.forEach(chunk -> digest.update(chunk.asReadOnlyByteBuffer()));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
