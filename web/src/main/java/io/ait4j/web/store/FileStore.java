package io.ait4j.web.store;

import io.ait4j.fx.ModelException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where uploads, artifacts and reports are kept, for all servers that share a database. Keys are of
 * the service's own making, {@code [a-z0-9/.-]+}; nothing of a caller's gets into one. Errors are
 * {@link ModelException}s of kind IO.
 */
public interface FileStore extends AutoCloseable {
  /** What somebody began to put longer ago was never finished. */
  Duration LONGEST_PUT = Duration.ofDays(1);

  /** Takes a copy of {@code file}; whoever reads {@code key} sees all of it or none. */
  void put(String key, Path file);

  /** Bytes of what {@code key} holds; empty if it holds nothing. */
  Optional<Long> size(String key);

  /**
   * {@code length} bytes from {@code offset} on, in order, as they are asked for.
   *
   * @throws ModelException (IO) if the key holds nothing, or less
   */
  InputStream read(String key, long offset, long length);

  /**
   * The content as a local file that nobody changes: the store's own where it is local, else a copy
   * in {@code folder}.
   */
  Path local(String key, Path folder);

  /** Forgets {@code key}, if it holds something. */
  void delete(String key);

  @Override
  void close();
}
