package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.archive.ArchiveException;
import io.ait4j.fx.archive.ZipArchive;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredZipWriterTest {
  @TempDir Path folder;

  private Path write() throws IOException {
    Path file = Files.createTempFile(folder, "a", ".zip");
    try (StoredZipWriter zip = new StoredZipWriter(file);
        Arena arena = Arena.ofConfined()) {
      zip.add("text", "some text".getBytes(StandardCharsets.UTF_8));
      zip.add("empty", new byte[0]);
      MemorySegment page = arena.allocate(4096 * 3 + 1);
      page.fill((byte) 7);
      zip.add("folder/größe", page);
      zip.finish();
    }
    return file;
  }

  @Test
  void everyEntryIsMappedOnAPage() throws Exception {
    try (ZipArchive zip = ZipArchive.open(write())) {
      assertThat(zip.names()).containsExactly("text", "empty", "folder/größe");
      zip.names().forEach(name -> assertThat(zip.map(name).address() % 4096).isZero());
      zip.names().forEach(zip::verify);
      assertThat(zip.map("text").toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo("some text".getBytes(StandardCharsets.UTF_8));
      assertThat(zip.size("empty")).isZero();
      assertThat(zip.map("folder/größe").toArray(ValueLayout.JAVA_BYTE))
          .hasSize(4096 * 3 + 1)
          .containsOnly(7);
    }
  }

  @Test
  void otherToolsOpenIt() throws IOException {
    Path file = write();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry("folder/größe");
      assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
      assertThat(zip.getInputStream(entry).readAllBytes()).hasSize(4096 * 3 + 1).containsOnly(7);
    }
    List<String> names = new ArrayList<>();
    try (ZipInputStream stream = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
        names.add(entry.getName());
        stream.readAllBytes(); // checks the CRC
      }
    }
    assertThat(names).containsExactly("text", "empty", "folder/größe");
  }

  @Test
  void equalEntriesGiveEqualBytes() throws IOException {
    assertThat(write()).hasSameBinaryContentAs(write());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 21, 97, 98, 200, 4096, 9000})
  void aFileCutOffAnywhereIsRefused(int cut) throws IOException {
    byte[] whole = Files.readAllBytes(write());
    Path file = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, cut));
    assertThatThrownBy(() -> ZipArchive.open(file)).isInstanceOf(ArchiveException.class);
  }

  @Test
  void everyDamagedByteOfTheDirectoryIsRefusedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    int directory =
        whole.length
            - 98
            - 3 * (46 + 28)
            - "textemptyfolder/größe".getBytes(StandardCharsets.UTF_8).length;
    for (int i = directory; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) 0xff;
      Path file = Files.write(folder.resolve("damaged"), damaged);
      try (ZipArchive zip = ZipArchive.open(file)) {
        for (String name : zip.names()) {
          assertThat(zip.map(name).byteSize()).isLessThan(whole.length);
        }
      } catch (ArchiveException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
  }
}
