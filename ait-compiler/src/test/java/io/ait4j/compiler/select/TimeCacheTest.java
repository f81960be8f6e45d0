package io.ait4j.compiler.select;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.codegen.cuda.Candidate;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import io.ait4j.fx.Dim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeCacheTest {
  private static final CudaKernelText TEXT =
      new CudaKernelText("", Set.of(), "", Set.of(), "", List.of(), List.of(Dim.of(7)));

  @TempDir Path folder;

  private static Trial trial(String key) {
    return new Trial("gemm", new Candidate("tile", 1, () -> TEXT), TEXT, key);
  }

  @Test
  void whatIsInsertedIsFoundByTheNext() {
    new TimeCache(folder, "a GPU").insert(List.of(trial("a"), trial("b")), List.of(1.5, 2.5));
    TimeCache next = new TimeCache(folder, "a GPU");
    assertThat(next.find(List.of("a", "b", "c"))).isEqualTo(Map.of("a", 1.5, "b", 2.5));
    next.insert(List.of(trial("a")), List.of(3.0));
    assertThat(next.find(List.of("a"))).isEqualTo(Map.of("a", 3.0));
  }

  @Test
  void aDamagedFileIsMadeAgain() throws IOException {
    Path file = folder.resolve("kernel_times.sqlite");
    Files.writeString(file, "this is no database at all, however long it may be".repeat(100));
    TimeCache cache = new TimeCache(folder, "a GPU");
    assertThat(cache.find(List.of("a"))).isEmpty();
    cache.insert(List.of(trial("a")), List.of(1.5));
    assertThat(cache.find(List.of("a"))).isEqualTo(Map.of("a", 1.5));
  }

  @Test
  void aFileOfAnotherVersionIsMadeAgain() throws Exception {
    Path file = folder.resolve("kernel_times.sqlite");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kernel_times (name TEXT PRIMARY KEY)");
    }
    TimeCache cache = new TimeCache(folder, "a GPU");
    cache.insert(List.of(trial("a")), List.of(1.5));
    assertThat(cache.find(List.of("a"))).isEqualTo(Map.of("a", 1.5));
  }

  @Test
  void aFolderThatCannotBeMadeRemembersNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    TimeCache cache = new TimeCache(file.resolve("below"), "a GPU");
    cache.insert(List.of(trial("a")), List.of(1.5));
    assertThat(cache.find(List.of("a"))).isEmpty();
  }

  @Test
  void noFolderRemembersNothing() {
    TimeCache cache = new TimeCache(null, "a GPU");
    cache.insert(List.of(trial("a")), List.of(1.5));
    assertThat(cache.find(List.of("a"))).isEmpty();
  }

  @Test
  void manyWriteAtOnce() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String key = "key" + i;
        all.add(
            pool.submit(
                () -> new TimeCache(folder, "a GPU").insert(List.of(trial(key)), List.of(1.0))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add("key" + i);
    }
    assertThat(new TimeCache(folder, "a GPU").find(keys)).hasSize(40);
  }
}
