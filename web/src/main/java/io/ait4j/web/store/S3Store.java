package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.io.input.BoundedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects of a bucket whose names begin with a prefix, where nobody else keeps any. */
final class S3Store implements FileStore {
  /** Files that are larger go up in parts, each of which can be sent again by itself. */
  static final long PART = 16L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);
  private static final int NOT_FOUND = 404;
  private static final String BINARY = "application/octet-stream";

  private final S3Client client;
  private final String bucket;
  private final String prefix;

  private S3Store(S3Client client, String bucket, String prefix) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /**
   * Opens a bucket that is there.
   *
   * @throws ModelException (USAGE) if the setting is wrong, (IO) if the bucket cannot be used
   */
  static S3Store open(S3Setting setting) {
    S3Client client = setting.client();
    try {
      client.headBucket(request -> request.bucket(setting.bucket()));
    } catch (SdkException e) {
      client.close();
      throw failed("cannot use the bucket " + setting.bucket() + " as a store", e);
    }
    S3Store store = new S3Store(client, setting.bucket(), setting.prefix());
    store.discardOld();
    return store;
  }

  /** What servers that died were sending: parts that nobody puts together cost money. */
  private void discardOld() {
    Instant old = Instant.now().minus(FileStore.LONGEST_PUT);
    try {
      for (MultipartUpload upload :
          client
              .listMultipartUploadsPaginator(request -> request.bucket(bucket).prefix(prefix))
              .uploads()) {
        if (upload.initiated().isBefore(old)) {
          client.abortMultipartUpload(
              request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
        }
      }
    } catch (SdkException e) { // not every compatible store lists them, or lets everybody do so
      LOG.warn("uploads that were broken off stay in the bucket {}: {}", bucket, e.getMessage());
    }
  }

  @Override
  public void put(String key, Path file) {
    String name = name(key);
    try {
      long size = Files.size(file);
      if (size <= PART) {
        client.putObject(request -> request.bucket(bucket).key(name), RequestBody.fromFile(file));
      } else {
        putParts(name, file, size);
      }
    } catch (IOException | UncheckedIOException | SdkException e) {
      throw failed("cannot store " + key, e);
    }
  }

  private void putParts(String name, Path file, long size) {
    String upload =
        client.createMultipartUpload(request -> request.bucket(bucket).key(name)).uploadId();
    try {
      long part = Math.max(PART, Math.ceilDiv(size, MOST_PARTS));
      List<CompletedPart> parts = new ArrayList<>();
      for (long at = 0; at < size; at += part) {
        parts.add(putPart(name, upload, parts.size() + 1, file, at, Math.min(part, size - at)));
      }
      client.completeMultipartUpload(
          request ->
              request
                  .bucket(bucket)
                  .key(name)
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
    } catch (RuntimeException e) {
      abort(name, upload, e);
      throw e;
    }
  }

  private CompletedPart putPart(
      String name, String upload, int number, Path file, long offset, long length) {
    String tag =
        client
            .uploadPart(
                request -> request.bucket(bucket).key(name).uploadId(upload).partNumber(number),
                RequestBody.fromContentProvider(() -> slice(file, offset, length), length, BINARY))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  /** Opened anew for each attempt. */
  private static InputStream slice(Path file, long offset, long length) {
    try {
      InputStream bytes = Files.newInputStream(file);
      bytes.skipNBytes(offset);
      return BoundedInputStream.builder().setInputStream(bytes).setMaxCount(length).get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void abort(String name, String upload, RuntimeException why) {
    boolean interrupted = Thread.interrupted(); // the client would not even begin
    try {
      client.abortMultipartUpload(request -> request.bucket(bucket).key(name).uploadId(upload));
    } catch (SdkException e) {
      why.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Optional<Long> size(String key) {
    String name = name(key);
    try {
      return Optional.of(
          client.headObject(request -> request.bucket(bucket).key(name)).contentLength());
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw failed("cannot look for " + key, e);
    } catch (SdkException e) {
      throw failed("cannot look for " + key, e);
    }
  }

  @Override
  public InputStream read(String key, long offset, long length) {
    if (offset < 0 || length <= 0) { // no range says nothing
      StoreKey.requireRange(key, offset, length, size(key).orElse(-1L));
      return InputStream.nullInputStream();
    }
    String name = name(key);
    ResponseInputStream<GetObjectResponse> bytes;
    try {
      bytes =
          client.getObject(
              request ->
                  request
                      .bucket(bucket)
                      .key(name)
                      .range("bytes=%d-%d".formatted(offset, offset + length - 1)));
    } catch (SdkException e) {
      throw failed("cannot read " + key, e);
    }
    if (bytes.response().contentLength() != length) {
      bytes.abort();
      StoreKey.requireRange(key, offset, length, offset + bytes.response().contentLength());
    }
    return bytes;
  }

  @Override
  public Path local(String key, Path folder) {
    String name = name(key);
    Path file = folder.resolve(UUID.randomUUID().toString());
    try {
      client.getObject(
          request -> request.bucket(bucket).key(name), ResponseTransformer.toFile(file));
    } catch (SdkException e) {
      throw failed("cannot read " + key, e);
    }
    return file;
  }

  @Override
  public void delete(String key) {
    String name = name(key);
    try {
      client.deleteObject(request -> request.bucket(bucket).key(name));
    } catch (SdkException e) {
      throw failed("cannot delete " + key, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private String name(String key) {
    return prefix + StoreKey.require(key);
  }

  private static ModelException failed(String what, Exception why) {
    String reason =
        why instanceof S3Exception s3 && s3.awsErrorDetails() != null
            ? s3.awsErrorDetails().errorCode() + ", status " + s3.statusCode()
            : String.valueOf(why.getMessage());
    return new ModelException(ModelException.Kind.IO, what + ": " + reason, why);
  }
}
