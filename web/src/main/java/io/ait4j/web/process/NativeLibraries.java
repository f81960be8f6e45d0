package io.ait4j.web.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where JavaCPP unpacks libtorch. Workers only read there, as what one wrote the others would load;
 * so a worker that is given nothing of anybody's unpacks it before the first of them.
 */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final long HEAP = 256L << 20;
  private static final WorkerLimits LIMITS = new WorkerLimits(4L << 30, 4L << 30, null);

  private NativeLibraries() {}

  static Path folder() {
    String set = System.getProperty("org.bytedeco.javacpp.cachedir");
    return set != null
        ? Path.of(set).toAbsolutePath()
        : Path.of(System.getProperty("user.home"), ".javacpp", "cache");
  }

  /**
   * Sees that libtorch is unpacked, if it is on the class path.
   *
   * @throws IOException if it cannot be
   */
  static synchronized void unpack() throws IOException {
    Path folder = Files.createDirectories(folder());
    Path done = folder.resolve("ait4j-" + identity() + ".unpacked");
    if (Files.exists(done)) {
      return;
    }
    Path work = Files.createTempDirectory("ait4j-unpack");
    try (WorkerProcess worker =
        WorkerProcess.startOnly(
            new WorkerProgram(
                Unpacking.class, List.of(), work, Set.of(), Set.of(folder), false, HEAP),
            LIMITS,
            line -> {})) {
      WorkerExit exit = worker.exit().join();
      if (exit.reason() == WorkerExit.Reason.DONE) {
        Files.writeString(done, "");
      } else { // whoever needs it says that it is missing
        LOG.warn("libtorch cannot be loaded from {}: {}", folder, exit.lastWords());
      }
    } finally {
      WorkFolder.delete(work);
    }
  }

  /** What tells the native jars of this class path from others. */
  private static UUID identity() {
    StringBuilder jars = new StringBuilder();
    WorkerCommand.classPath().stream()
        .filter(jar -> jar.toString().contains("bytedeco"))
        .forEach(jar -> jars.append(jar).append(state(jar)).append('\n'));
    return UUID.nameUUIDFromBytes(jars.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String state(Path jar) {
    try {
      BasicFileAttributes state = Files.readAttributes(jar, BasicFileAttributes.class);
      return " " + state.size() + " " + state.lastModifiedTime();
    } catch (IOException e) {
      return ""; // the class path may name what is not there
    }
  }
}
