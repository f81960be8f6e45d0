package io.ait4j.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import io.ait4j.web.store.FakeS3;
import io.ait4j.web.store.FileStore;
import io.ait4j.web.store.FileStores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopiesTest {
  @TempDir private Path folder;

  @Test
  void theOldestGoesAndIsFetchedAgainOnceTheStoreIsBack() throws Exception {
    try (FakeS3 s3 = new FakeS3();
        FileStore store = FileStores.open(s3.store())) {
      LocalCopies copies = new LocalCopies(store, folder.resolve("models"));
      Path source = folder.resolve("source");
      for (int i = 0; i <= LocalCopies.KEPT; i++) {
        store.put("model" + i, Files.writeString(source, "content " + i));
      }
      Path first = copies.of("model0");
      Path second = copies.of("model1");
      for (int i = 2; i <= LocalCopies.KEPT; i++) {
        copies.of("model" + i);
      }
      assertThat(first).doesNotExist();
      s3.broken.add("GET");
      assertThat(copies.of("model1")).isEqualTo(second).hasContent("content 1");
      assertThatThrownBy(() -> copies.of("model0"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("503");
      s3.broken.clear();
      assertThat(copies.of("model0")).hasContent("content 0");
      try (var left = Files.list(folder.resolve("models"))) {
        assertThat(left).hasSize(LocalCopies.KEPT);
      }
    }
  }
}
