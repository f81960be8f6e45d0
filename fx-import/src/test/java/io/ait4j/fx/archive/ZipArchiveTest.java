package io.ait4j.fx.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  @TempDir Path folder;

  private Path write(Content content) throws IOException {
    Path file = Files.createTempFile(folder, "a", ".zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      content.to(zip);
    }
    return file;
  }

  private interface Content {
    void to(ZipOutputStream zip) throws IOException;
  }

  private static void deflate(ZipOutputStream zip, String name, byte[] data) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(data);
    zip.closeEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Two stored entries, "m/a" and "m/größe", and a deflated one, "m/z". */
  private Path sample() throws IOException {
    return write(
        zip -> {
          Zips.store(zip, "m/a", text("stored"));
          Zips.store(zip, "m/größe", new byte[0]);
          deflate(zip, "m/z", "deflated ".repeat(1000).getBytes(StandardCharsets.UTF_8));
        });
  }

  private Path damaged(Consumer<ByteBuffer> damage) throws IOException {
    Path file = sample();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    damage.accept(bytes);
    Files.write(file, bytes.array());
    return file;
  }

  /** Place of the n-th directory entry. */
  private static int directory(ByteBuffer bytes, int n) {
    int at = bytes.getInt(bytes.capacity() - 22 + 16);
    for (int i = 0; i < n; i++) {
      at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30) + bytes.getShort(at + 32);
    }
    return at;
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ModelException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ModelException.Kind.IMPORT);
              assertThat(e).hasMessageContainingAll(parts);
            });
  }

  private static void readAll(Path file) {
    try (ZipArchive zip = ZipArchive.open(file)) {
      zip.names().forEach(name -> zip.bytes(name, 100_000));
    }
  }

  @Test
  void storedEntriesAreMappedAndDeflatedOnesInflated() throws IOException {
    try (ZipArchive zip = ZipArchive.open(sample())) {
      assertThat(zip.names()).containsExactly("m/a", "m/größe", "m/z");
      assertThat(zip.root()).isEqualTo("m/");
      assertThat(zip.map("m/a").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(text("stored"));
      assertThat(zip.map("m/a").isReadOnly()).isTrue();
      assertThat(zip.bytes("m/a", 6)).isEqualTo(text("stored"));
      assertThat(zip.bytes("m/größe", 0)).isEmpty();
      assertThat(zip.bytes("m/z", 9000)).isEqualTo(text("deflated ".repeat(1000)));
      assertThat(zip.size("m/z")).isEqualTo(9000);
      zip.names().forEach(zip::verify);
    }
  }

  @Test
  void filesWithoutACommonFolderHaveNoRoot() throws IOException {
    try (ZipArchive zip =
        ZipArchive.open(
            write(
                out -> {
                  Zips.store(out, "m/a", text("1"));
                  Zips.store(out, "b", text("2"));
                }))) {
      assertThat(zip.root()).isEmpty();
    }
  }

  @Test
  void theMappingEndsWithTheArchive() throws IOException {
    ZipArchive zip = ZipArchive.open(sample());
    var data = zip.map("m/a");
    zip.close();
    zip.close();
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEntryOverTheLimitIsRefusedUnread() throws IOException {
    try (ZipArchive zip = ZipArchive.open(sample())) {
      refused(() -> zip.bytes("m/z", 8999), "m/z", "9000 bytes", "at most 8999");
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    refused(() -> ZipArchive.open(folder.resolve("none.pt")), "none.pt", "no such file");
    refused(() -> ZipArchive.open(folder), "is a directory");
    try (ZipArchive zip = ZipArchive.open(sample())) {
      refused(() -> zip.map("m/q"), "'m/q' is missing");
      refused(() -> zip.map("m/z"), "compressed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 21, 22, 100, 250})
  void aFileCutOffIsRefused(int length) throws IOException {
    byte[] whole = Files.readAllBytes(sample());
    Path file = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
    refused(() -> readAll(file), "cut", "copy or save it again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/x", "../x", "m/../x", "m/..", "c:x", "m\\x", "m\0x"})
  void namesThatLeadOutAreRefused(String name) throws IOException {
    Path file = write(zip -> Zips.store(zip, name, text("x")));
    refused(() -> ZipArchive.open(file), "leads out of the archive");
  }

  @Test
  void duplicateNamesAreRefused() throws IOException {
    Path file =
        write(
            zip -> {
              Zips.store(zip, "a", text("1"));
              Zips.store(zip, "b", text("2"));
            });
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(directory(bytes, 1) + 46, (byte) 'a');
    Files.write(file, bytes.array());
    refused(() -> readAll(file), "'a' is there twice");
  }

  @Test
  void overlappingEntriesAreRefused() throws IOException {
    Path file = damaged(b -> b.putInt(directory(b, 1) + 42, b.getInt(directory(b, 0) + 42)));
    refused(() -> readAll(file), "'m/a' and 'm/größe' overlap");
  }

  @Test
  void sizesThatLieAreRefused() throws IOException {
    refused(() -> readAll(damaged(b -> b.putInt(directory(b, 0) + 24, 7))), "two sizes, 6 and 7");
    refused(
        () ->
            readAll(
                damaged(
                    b -> {
                      b.putInt(directory(b, 0) + 20, 1 << 30);
                      b.putInt(directory(b, 0) + 24, 1 << 30);
                    })),
        "reach beyond");
    refused(
        () -> readAll(damaged(b -> b.putInt(directory(b, 2) + 24, 9001))),
        "does not have the size");
    refused(
        () -> readAll(damaged(b -> b.putInt(directory(b, 2) + 24, 8999))),
        "does not have the size");
  }

  @Test
  void aBombIsRefusedBeforeItIsInflated() throws IOException {
    Path file = damaged(b -> b.putInt(directory(b, 2) + 24, 2_000_000_000));
    try (ZipArchive zip = ZipArchive.open(file)) {
      refused(() -> zip.bytes("m/z", Long.MAX_VALUE), "does not have the size");
      refused(() -> zip.verify("m/z"), "does not have the size");
    }
  }

  @Test
  void aWrongChecksumIsRefused() throws IOException {
    Path file = damaged(b -> b.put(30 + 3 + 2, (byte) 'X'));
    try (ZipArchive zip = ZipArchive.open(file)) {
      refused(() -> zip.bytes("m/a", 100), "'m/a'", "checksum");
      refused(() -> zip.verify("m/a"), "'m/a'", "checksum");
      zip.verify("m/z");
    }
  }

  @Test
  void whatOtherToolsMayWriteIsRefusedByName() throws IOException {
    refused(
        () -> readAll(damaged(b -> b.putShort(directory(b, 0) + 8, (short) 1))), "is encrypted");
    refused(() -> readAll(damaged(b -> b.putShort(directory(b, 0) + 10, (short) 14))), "method 14");
    refused(
        () -> readAll(damaged(b -> b.putShort(b.capacity() - 22 + 4, (short) 1))), "several files");
  }

  @Test
  void aDirectoryThatAnnouncesOtherEntriesIsRefused() throws IOException {
    refused(
        () -> readAll(damaged(b -> b.putShort(b.capacity() - 22 + 10, (short) 2))),
        "more than the entries");
    refused(
        () -> readAll(damaged(b -> b.putShort(b.capacity() - 22 + 10, (short) 4000))), "too small");
    refused(() -> readAll(damaged(b -> b.putInt(directory(b, 1), 0))), "directory is damaged");
    refused(() -> readAll(damaged(b -> b.putInt(directory(b, 1) + 42, 5))), "has no header");
  }
}
