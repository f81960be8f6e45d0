package io.ait4j.web.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {
  @TempDir Path folder;

  private FakeS3 s3;

  @BeforeEach
  void start() throws IOException {
    s3 = new FakeS3();
  }

  @AfterEach
  void stop() {
    s3.close();
  }

  private FileStore open(String kind) {
    return FileStores.open(
        kind.equals("folder") ? folder.resolve("store").toUri().toString() : s3.store());
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(folder, "file", ""), content);
  }

  private static byte[] read(FileStore store, String key, long offset, long length)
      throws IOException {
    try (InputStream bytes = store.read(key, offset, length)) {
      return bytes.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "s3"})
  void givesBackWhatItWasGiven(String kind) throws IOException {
    byte[] large = new byte[(int) (2 * S3Store.PART + 12_345)];
    new Random(7).nextBytes(large);
    try (FileStore store = open(kind)) {
      Path source = file(large);
      store.put("a/b/large", source);
      store.put("small", file("0123456789".getBytes(StandardCharsets.UTF_8)));
      store.put("empty", file(new byte[0]));
      Files.write(source, new byte[3]); // the store has a copy

      assertThat(store.size("a/b/large")).contains((long) large.length);
      assertThat(store.size("empty")).contains(0L);
      assertThat(store.size("nothing")).isEmpty();
      assertThat(read(store, "a/b/large", 0, large.length)).isEqualTo(large);
      assertThat(read(store, "small", 3, 4)).asString().isEqualTo("3456");
      assertThat(read(store, "small", 10, 0)).isEmpty();
      assertThat(read(store, "empty", 0, 0)).isEmpty();
      Path local = Files.createDirectory(folder.resolve("local"));
      assertThat(store.local("a/b/large", local)).hasBinaryContent(large);

      store.put("small", file("new".getBytes(StandardCharsets.UTF_8)));
      assertThat(read(store, "small", 0, 3)).asString().isEqualTo("new");
      store.delete("small");
      store.delete("small");
      assertThat(store.size("small")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "s3"})
  void saysWhatCannotBeRead(String kind) throws IOException {
    try (FileStore store = open(kind)) {
      store.put("small", file("0123456789".getBytes(StandardCharsets.UTF_8)));
      for (long[] range : new long[][] {{0, 11}, {10, 1}, {11, 0}, {-1, 2}, {5, -1}}) {
        assertThatThrownBy(() -> store.read("small", range[0], range[1]))
            .isInstanceOfSatisfying(
                ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IO));
      }
      assertThatThrownBy(() -> store.read("nothing", 0, 1)).isInstanceOf(ModelException.class);
      assertThatThrownBy(() -> store.local("nothing", folder)).isInstanceOf(ModelException.class);
      assertThatThrownBy(() -> store.put("x", folder.resolve("nothing")))
          .isInstanceOf(ModelException.class);
      assertThat(store.size("x")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "s3"})
  void keysCannotLeaveTheStore(String kind) throws IOException {
    Path file = file(new byte[1]);
    try (FileStore store = open(kind)) {
      for (String key :
          new String[] {"", "../x", "a/../../x", "/x", "a//b", "a/", ".x", "A", "a\0", "a\nb"}) {
        assertThatThrownBy(() -> store.put(key, file)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(s3.objects).isEmpty();
  }

  @Test
  void whatGoesUpInPartsIsThereWholeOrNotAtAll() throws IOException {
    Path large = file(new byte[(int) S3Store.PART + 1]);
    try (FileStore store = open("s3")) {
      store.put("a/large", large);
      assertThat(s3.objects.keySet()).containsExactly("some/prefix/a/large");
      assertThat(s3.requests).anyMatch(request -> request.contains("partNumber=2"));

      s3.broken.add("PUT /%s/some/prefix/broken?".formatted(FakeS3.BUCKET));
      assertThatThrownBy(() -> store.put("broken", large))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("ServiceUnavailable");
      assertThat(s3.uploads).isEmpty();
      assertThat(s3.objects.keySet()).containsExactly("some/prefix/a/large");
    }
  }

  @Test
  void whatAServerWasSendingAsItDiedIsDiscardedAfterADay() {
    Instant dayAgo = Instant.now().minus(FileStore.LONGEST_PUT);
    s3.begun.put("old", Map.entry("some/prefix/a", dayAgo.minusSeconds(60)));
    s3.begun.put("older", Map.entry("some/prefix/b", dayAgo.minusSeconds(90)));
    s3.begun.put("going-on", Map.entry("some/prefix/c", dayAgo.plusSeconds(60)));
    s3.begun.put("others", Map.entry("some/other", dayAgo.minusSeconds(60)));
    s3.begun.keySet().forEach(id -> s3.uploads.put(id, Map.of()));
    open("s3").close();
    assertThat(s3.uploads).containsOnlyKeys("going-on", "others");
    s3.broken.add("GET /%s?".formatted(FakeS3.BUCKET));
    open("s3").close(); // a store that lists none can be used
  }

  @Test
  void aFolderStoreLeavesNoPartsBehind() throws IOException {
    try (FileStore store = open("folder")) {
      store.put("a/b", file(new byte[5]));
      assertThatThrownBy(() -> store.put("a/b/c", file(new byte[5])))
          .isInstanceOf(ModelException.class);
    }
    try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3:///x", "s3://b/x?endpoint=ftp://h", "s3://b?secret=x", "http://h", "x y", ""})
  void refusesSettingsThatAreNone(String setting) {
    assertThatThrownBy(() -> FileStores.open(setting))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.USAGE));
  }

  @Test
  void saysAtOnceThatABucketCannotBeUsed() {
    s3.store();
    String missing = "s3://other?endpoint=%s&region=over-there".formatted(s3.endpoint());
    assertThatThrownBy(() -> FileStores.open(missing)).hasMessageContaining("bucket other");
    String elsewhere = "s3://bucket?endpoint=%s&region=not-there".formatted(s3.endpoint());
    assertThatThrownBy(() -> FileStores.open(elsewhere))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.IO));
  }
}
