package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program in C++ asks from several threads while constants change, it and the library compiled
 * with ThreadSanitizer, which ends it at the first race.
 */
class StressTest {
  private static final String WAIT = "inline int await_older(ait4j_model* m) {";

  @TempDir static Path folder;

  /** All but the container, which is in the runtime's source. */
  private static final List<String> OBJECTS = new ArrayList<>();

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(hasThreadSanitizer(), "no ThreadSanitizer works here");
    Map<String, String> sources = ClientModel.sources(folder);
    copyHeaders(folder.resolve("ours"));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = Files.writeString(folder.resolve(source.getKey()), source.getValue());
      if (!source.getKey().equals("runtime.cpp")) {
        OBJECTS.add(object(file, "ours"));
      }
    }
    OBJECTS.add(object(ClientModel.SOURCES.resolve("stress.cpp"), "ours"));
  }

  private static boolean hasThreadSanitizer() throws Exception {
    Path source = Files.writeString(folder.resolve("empty.cpp"), "int main() {}\n");
    String program = folder.resolve("empty").toString();
    return Client.result(List.of("g++", "-fsanitize=thread", source.toString(), "-o", program))
                .exit()
            == 0
        && Client.result(List.of(program)).exit() == 0;
  }

  private static void copyHeaders(Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> headers = Files.list(Client.HEADERS)) {
      for (Path header : headers.toList()) {
        Files.copy(header, to.resolve(header.getFileName()));
      }
    }
  }

  private static String object(Path source, String headers, String... flags) throws Exception {
    String object = folder.resolve(source.getFileName() + "." + headers + ".o").toString();
    List<String> command = new ArrayList<>(List.of("g++", "-std=c++20", "-O1", "-g1", "-w"));
    command.addAll(List.of("-fsanitize=thread", "-march=native", "-I" + folder.resolve(headers)));
    command.addAll(List.of(flags));
    command.addAll(List.of("-c", source.toString(), "-o", object));
    succeed(command);
    return object;
  }

  private static void succeed(List<String> command) throws Exception {
    Client.Result result = Client.result(command);
    assertThat(result.exit()).as(result.output()).isZero();
  }

  /** The program with the container of these headers. */
  private static Client program(String headers, String... flags) throws Exception {
    List<String> link = new ArrayList<>(List.of("g++", "-fsanitize=thread", "-pthread"));
    link.addAll(OBJECTS);
    link.add(object(folder.resolve("runtime.cpp"), headers, flags));
    Path program = folder.resolve(headers + ".stress");
    link.addAll(List.of("-o", program.toString()));
    succeed(link);
    return new Client(program);
  }

  /** The headers with AITemplate's pool. */
  private static void seed(String name) throws IOException {
    Path headers = folder.resolve(name);
    copyHeaders(headers);
    Files.copy(ClientModel.SOURCES.resolve("twice_pool.h"), headers.resolve("twice_pool.h"));
    Files.writeString(
        headers.resolve("runtime_pool.h"), "#pragma once\n#include \"twice_pool.h\"\n");
    Path run = headers.resolve("cpu_run.h");
    String text = Files.readString(run);
    assertThat(text).contains(WAIT);
    String before = "\n  { MutexLock lock(&m->lock); wait_for_all(&m->runtimes); }\n";
    Files.writeString(run, text.replace(WAIT, WAIT + before));
  }

  @Test
  void constantsSwapUnderManyRequests() throws Exception {
    Client client = program("ours");
    client.passes("4", "2000", "swap");
    client.passes("4", "2000", "still");
  }

  @Test
  void aPoolThatHandsARuntimeOutTwiceIsFound() throws Exception {
    seed("faulty");
    Client program = program("faulty");
    Client.Result faulty;
    Instant deadline = Instant.now().plusSeconds(120); // which threads meet is the machine's affair
    do {
      faulty = program.run("4", "20000", "still");
    } while (faulty.exit() == 0 && Instant.now().isBefore(deadline));
    assertThat(faulty.exit()).as(faulty.output()).isNotZero();
    assertThat(faulty.output()).containsAnyOf("does not hold", "data race", "SEGV");
  }

  @Test
  void theSamePoolPutRightPasses() throws Exception {
    seed("corrected");
    program("corrected", "-DCORRECTED").passes("4", "2000", "still");
  }
}
