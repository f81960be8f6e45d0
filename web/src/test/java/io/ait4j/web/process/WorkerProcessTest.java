package io.ait4j.web.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {
  private static final WorkerLimits LIMITS = new WorkerLimits(512L << 20, 64L << 20, null);

  @TempDir private Path folder;
  @TempDir private Path elsewhere;

  @Test
  void answersWhatItIsAsked() throws Exception {
    try (WorkerProcess worker = start(LIMITS, false, "echo")) {
      worker.in().write("hello\n".getBytes(StandardCharsets.UTF_8));
      worker.in().close();
      assertThat(lines(worker)).containsExactly("hello", "echo done");
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DONE);
    }
  }

  @Test
  void reachesNothingButItsOwn() throws Exception {
    Assumptions.assumeTrue(Landlock.version() >= 6, "this kernel has no Landlock of version 6");
    Path secret = Files.writeString(elsewhere.resolve("secret"), "x");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WorkerProcess worker =
            start(
                LIMITS,
                false,
                "write " + folder.resolve("mine"),
                "read " + secret,
                "write " + secret,
                "write " + elsewhere.resolve("new"),
                "write /tmp/ait4j-worker-probe",
                "read /proc/" + ProcessHandle.current().pid() + "/environ",
                "read /proc/" + ProcessHandle.current().pid() + "/cmdline",
                "read /proc/self/cmdline",
                "signal " + ProcessHandle.current().pid(),
                "tcp " + server.getLocalPort(),
                "unix " + folder.resolve("socket"),
                "connect " + folder.resolve("socket"),
                "call SOCKETPAIR 1 2 0",
                "call PRCTL 4 0",
                "call SHMGET 0",
                "call CLONE 0x10000011",
                "call MEMFD_CREATE 0",
                "program",
                "thread",
                "variable HOME",
                "variable JAVA_HOME")) {
      List<String> outcomes = lines(worker);
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DONE);
      assertThat(outcomes.stream().filter(line -> line.endsWith(" done")))
          .containsExactly(
              "write " + folder.resolve("mine") + " done",
              "read /proc/self/cmdline done",
              "thread done",
              "variable HOME done");
    }
    assertThat(elsewhere.resolve("new")).doesNotExist();
    assertThat(secret).hasContent("x");
  }

  @Test
  void mayBeGivenMore() throws Exception {
    Path shared = Files.writeString(elsewhere.resolve("shared"), "x");
    WorkerProgram program =
        new WorkerProgram(
            Probe.class,
            List.of("read " + shared, "write " + shared, "program"),
            folder,
            Set.of(elsewhere),
            Set.of(),
            true,
            64L << 20);
    try (WorkerProcess worker = WorkerProcess.start(program, LIMITS, line -> {})) {
      assertThat(lines(worker))
          .containsExactly(
              "read " + shared + " done",
              "write " + shared + (Landlock.version() > 0 ? " refused" : " done"),
              "program done");
    }
  }

  @Test
  void opensSocketsWhereADriverOfAGpuDoesButReachesNobodyByThem() throws Exception {
    Path others = elsewhere.resolve("socket");
    WorkerProgram program =
        new WorkerProgram(
            Probe.class,
            List.of(
                "unix " + folder.resolve("mine"),
                "connect " + others,
                "call SOCKET 1 2 0",
                "call SOCKET 1 3 0",
                "call SOCKET 2 1 0",
                "call SOCKETPAIR 1 2 0",
                "call SOCKETPAIR 1 5 0"),
            folder,
            Set.of(),
            Set.of(others),
            false,
            64L << 20);
    ProcessBuilder confined = WorkerCommand.of(program, LIMITS);
    int localSockets = confined.command().indexOf(ConfinedStart.class.getName()) + 3;
    confined.command().set(localSockets, "true");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(others));
      Process worker = confined.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      assertThat(worker.inputReader().lines())
          .containsExactly(
              "unix " + folder.resolve("mine") + " done",
              "connect " + others + " refused",
              "call SOCKET 1 2 0 refused",
              "call SOCKET 1 3 0 refused",
              "call SOCKET 2 1 0 refused",
              "call SOCKETPAIR 1 2 0 refused",
              "call SOCKETPAIR 1 5 0 done");
      assertThat(worker.waitFor()).isZero();
    }
  }

  @Test
  void takesWhatItStartedWithIt() throws Exception {
    try (WorkerProcess worker = start(LIMITS, true, "child", "sleep")) {
      ProcessHandle child = child(worker);
      assertThat(child.isAlive()).isTrue();
      worker.kill();
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.KILLED);
      child.onExit().join();
    }
  }

  @Test
  void takesWhatItStartedWithItWhenItDies() throws Exception {
    try (WorkerProcess worker = start(LIMITS, true, "child", "crash")) {
      ProcessHandle child = child(worker);
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.CRASH);
      child.onExit().join();
    }
  }

  @Test
  void endsWithItsServer() throws Exception {
    try (WorkerProcess worker = start(LIMITS, true, "hold", "child", "sleep")) {
      worker.out().skipNBytes("hold done\n".length());
      ProcessHandle child = child(worker);
      worker.in().close(); // as the system does for a process that is gone
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.CRASH);
      child.onExit().join();
    }
  }

  @Test
  void endsWhereItsHeapDoes() {
    try (WorkerProcess worker = start(LIMITS, false, "heap")) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.MEMORY);
    }
  }

  @Test
  void hasNoMoreMemoryThanItMay() throws Exception {
    try (WorkerProcess worker = start(LIMITS, false, "map " + (1L << 30))) {
      lines(worker);
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.MEMORY);
    }
  }

  @Test
  void endsWhereItsFolderIsFull() throws Exception {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.add("grow " + folder.resolve("file" + i) + " 30");
    }
    files.add("sleep");
    try (WorkerProcess worker = start(LIMITS, false, files.toArray(String[]::new))) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DISK);
    }
  }

  @Test
  void endsWhereItsFilesWithoutANameAreTooMany() throws Exception {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.add("unlinked " + folder.resolve("file" + i) + " 30");
    }
    files.add("sleep");
    try (WorkerProcess worker = start(LIMITS, false, files.toArray(String[]::new))) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DISK);
    }
  }

  @Test
  void endsWhereFilesWithoutANameOfWhatItStartedAreTooMany() throws Exception {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.add("child-unlinked " + folder.resolve("file" + i) + " 30");
    }
    files.add("sleep");
    try (WorkerProcess worker = start(LIMITS, true, files.toArray(String[]::new))) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DISK);
    }
  }

  @Test
  void endsWhereItAddsTooMuchToWhatOthersMade() throws Exception {
    Path cache = Files.createDirectory(elsewhere.resolve("cache"));
    Path old = cache.resolve("old");
    try (RandomAccessFile large = new RandomAccessFile(old.toFile(), "rw")) {
      large.setLength(1L << 30); // without taking disk
    }
    try (WorkerProcess worker = adding(cache, "write " + cache.resolve("new"))) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DONE);
    }
    try (WorkerProcess worker =
        adding(cache, "grow " + cache.resolve("a") + " 40", "grow " + old + " 40", "sleep")) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DISK);
    }
  }

  private WorkerProcess adding(Path cache, String... arguments) {
    WorkerProgram program =
        new WorkerProgram(
            Probe.class, List.of(arguments), folder, Set.of(), Set.of(cache), false, 64L << 20);
    return WorkerProcess.start(program, LIMITS, line -> {});
  }

  @Test
  void writesNoFileLargerThanItsFolder() throws Exception {
    try (WorkerProcess worker = start(LIMITS, false, "grow " + folder.resolve("file") + " 100")) {
      lines(worker);
      worker.exit().join();
      assertThat(folder.resolve("file"))
          .satisfies(f -> assertThat(Files.size(f)).isLessThanOrEqualTo(LIMITS.diskBytes()));
    }
  }

  @Test
  void endsWhenItsTimeIsOver() {
    WorkerLimits short_ =
        new WorkerLimits(LIMITS.memoryBytes(), LIMITS.diskBytes(), Duration.ofMillis(1));
    try (WorkerProcess worker = start(short_, false, "sleep")) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.TIME);
    }
  }

  @Test
  void leavesThisServerItsRights() throws Exception {
    try (WorkerProcess worker = start(LIMITS, false)) {
      assertThat(worker.exit().join().reason()).isEqualTo(WorkerExit.Reason.DONE);
    }
    assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
    Files.writeString(elsewhere.resolve("after"), "x");
  }

  private WorkerProcess start(WorkerLimits limits, boolean programs, String... arguments) {
    return WorkerProcess.start(
        new WorkerProgram(
            Probe.class, List.of(arguments), folder, Set.of(), Set.of(), programs, 64L << 20),
        limits,
        System.err::println);
  }

  private static List<String> lines(WorkerProcess worker) throws IOException {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(worker.out(), StandardCharsets.UTF_8))) {
      return out.lines().toList();
    }
  }

  private static ProcessHandle child(WorkerProcess worker) throws IOException {
    StringBuilder digits = new StringBuilder();
    for (int c = worker.out().read(); c != '\n'; c = worker.out().read()) {
      digits.append((char) c);
    }
    Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(digits.toString()));
    return child.orElseThrow();
  }
}
