package io.ait4j.fx.archive;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A ZIP or ZIP64 archive, mapped once and not trusted: its directory, its names and every range are
 * checked when it is opened, contents when they are read. Safe for use by several threads until it
 * is closed.
 *
 * <p>Every method throws {@link ArchiveException}, naming the file, for what is missing or damaged,
 * and {@link ModelException} (IMPORT) if the file cannot be read.
 */
public final class ZipArchive implements AutoCloseable {
  /** Of the largest element. */
  private static final int ALIGNMENT = 16;

  private final Path file;
  private final String source;
  private final RandomAccess access;
  private final MemorySegment mapped;
  private final Runnable unmap;
  private final AtomicBoolean isOpen = new AtomicBoolean(true);
  private final Map<String, ZipRecord> entries;
  private final ZipContent content;
  private final String root;

  private ZipArchive(
      Path file, String source, RandomAccess access, MemorySegment mapped, Runnable unmap)
      throws IOException, Corrupt {
    this.file = file;
    this.source = source;
    this.access = access;
    this.mapped = mapped;
    this.unmap = unmap;
    this.entries = ZipDirectory.read(access);
    this.content = new ZipContent(access);
    this.root = commonFolder(entries.keySet());
  }

  /**
   * Maps {@code file} and reads its directory; names that are there twice or lead out of the
   * archive, overlapping entries and encryption are refused.
   */
  public static ZipArchive open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return open(file, arena, arena::close);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * The same, but what is mapped lives as long as {@code arena}; closing the archive ends the other
   * ways to read it.
   */
  public static ZipArchive open(Path file, Arena arena) {
    return open(file, arena, () -> {});
  }

  private static ZipArchive open(Path file, Arena arena, Runnable unmap) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          file
              + " is "
              + (Files.isDirectory(file) ? "a directory" : "a device or pipe")
              + ", not a file");
    }
    FileChannel channel = null;
    ZipArchive archive = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      MemorySegment mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asReadOnly();
      RandomAccess access = new RandomAccess(channel, 0, mapped.byteSize());
      archive = new ZipArchive(file, file.toString(), access, mapped, unmap);
      return archive;
    } catch (Corrupt e) {
      throw corrupt(file.toString(), e);
    } catch (NoSuchFileException e) {
      throw new ModelException(ModelException.Kind.IMPORT, file + ": no such file", e);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    } finally {
      if (archive == null) {
        close(channel);
      }
    }
  }

  /**
   * A stored entry that is an archive itself, as those of {@code torch.export} before 2.8 are;
   * valid until this archive is closed, and need not be closed.
   */
  public ZipArchive nested(String name) {
    MemorySegment inner = map(name);
    ZipRecord entry = entry(name);
    String innerSource = name + " in " + source;
    try {
      return new ZipArchive(
          file,
          innerSource,
          new RandomAccess(access.channel(), access.start() + entry.dataAt(), entry.size()),
          inner,
          () -> {});
    } catch (Corrupt e) {
      throw corrupt(innerSource, e);
    } catch (IOException e) {
      throw unreadable(innerSource, e);
    }
  }

  /** The file it was opened from. */
  public Path file() {
    return file;
  }

  /** What to call it in a message: the file, or an entry in it. */
  public String source() {
    return source;
  }

  /** Names of all entries, folders left out, in the directory's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** The one top folder of all names with its slash, {@code "model/"}; empty if there is none. */
  public String root() {
    return root;
  }

  /** Whether an entry is stored as it is, and can be mapped. */
  public boolean isStored(String name) {
    return !entry(name).deflated();
  }

  /** Size of an entry's content in bytes, as the directory says. */
  public long size(String name) {
    return entry(name).size();
  }

  /**
   * The content of an entry, inflated if need be; its CRC is checked.
   *
   * @param limit the most bytes that make sense here; a larger entry is refused unread
   */
  public byte[] bytes(String name, long limit) {
    ZipRecord entry = entry(name);
    try {
      return content.bytes(entry, limit);
    } catch (Corrupt e) {
      throw corrupt(source, e);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /**
   * The content of a stored entry in the mapped file, read-only, valid until the archive is closed.
   * Its CRC is not checked: {@link #verify} does that.
   */
  public MemorySegment map(String name) {
    ZipRecord entry = entry(name);
    if (entry.deflated()) {
      throw corrupt(
          source,
          new Corrupt(
              "its entry '" + name + "' is compressed, and only stored ones can be mapped"));
    }
    return mapped.asSlice(entry.dataAt(), entry.size());
  }

  /** Where a stored entry's content begins in the archive. */
  public long position(String name) {
    return entry(name).dataAt();
  }

  /**
   * The content of a stored entry for tensors to lie in: as {@link #map} gives it if it is aligned
   * to elements of every type, else a copy that is. PyTorch aligns storages in its files; whoever
   * packed one anew may not have.
   */
  public MemorySegment storage(String name) {
    MemorySegment data = map(name);
    return data.address() % ALIGNMENT == 0
        ? data
        : Arena.ofAuto().allocate(data.byteSize(), ALIGNMENT).copyFrom(data).asReadOnly();
  }

  /**
   * Checks the CRC of an entry, reading through the file and not through the mapping, so that
   * nothing of it becomes resident in this process.
   */
  public void verify(String name) {
    ZipRecord entry = entry(name);
    try {
      content.verify(entry);
    } catch (Corrupt e) {
      throw corrupt(source, e);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /** Ends the mapping, unless it has an arena of its own. */
  @Override
  public void close() {
    if (isOpen.getAndSet(false)) {
      close(access.channel());
      unmap.run();
    }
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written, so nothing is lost.
      }
    }
  }

  private ZipRecord entry(String name) {
    ZipRecord entry = entries.get(name);
    if (entry == null) {
      throw corrupt(source, new Corrupt("its entry '" + name + "' is missing"));
    }
    return entry;
  }

  private static String commonFolder(Set<String> names) {
    String folder = null;
    for (String name : names) {
      String top = name.substring(0, name.indexOf('/') + 1);
      if (folder != null && !folder.equals(top)) {
        return "";
      }
      folder = top;
    }
    return folder == null ? "" : folder;
  }

  private static ArchiveException corrupt(String source, Corrupt why) {
    return new ArchiveException(source, why);
  }

  private static ModelException unreadable(String source, IOException why) {
    return new ModelException(
        ModelException.Kind.IMPORT, source + " cannot be read: " + WholeFile.reason(why), why);
  }
}
