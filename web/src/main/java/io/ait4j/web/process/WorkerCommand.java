package io.ait4j.web.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line and the environment of a worker process. */
final class WorkerCommand {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** What compilers, CUDA and OpenMP look at; never what may hold this server's secrets. */
  private static final List<String> VARIABLES =
      List.of(
          "PATH",
          "CXX",
          "NVCC",
          "NVCC_CCBIN",
          "CUDA_HOME",
          "CUDA_PATH",
          "CUDA_VISIBLE_DEVICES",
          "LD_LIBRARY_PATH",
          "OMP_WAIT_POLICY",
          "OMP_NUM_THREADS");

  private static final String BLAS_THREADS = "OPENBLAS_NUM_THREADS";

  /** More threads than these OpenBLAS does not make good use of. */
  private static final int MOST_BLAS_THREADS = 16;

  /** What OpenBLAS reserves for each thread as soon as it is loaded, and may never touch. */
  private static final long BLAS_THREAD_BYTES = 320L << 20;

  private WorkerCommand() {}

  static ProcessBuilder of(WorkerProgram program, WorkerLimits limits) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx32m",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED",
            ConfinedStart.class.getName()));
    command.addAll(confinement(program, limits).arguments());
    command.addAll(second(program));
    ProcessBuilder builder = new ProcessBuilder(command).directory(program.folder().toFile());
    environment(builder.environment(), program);
    return builder;
  }

  private static List<String> second(WorkerProgram program) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx" + program.heapBytes(),
            "-Xmn" + Math.min(48L << 20, program.heapBytes() / 2),
            "-XX:-UsePerfData",
            "-XX:+DisableAttachMechanism",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + program.folder().resolve("tmp").resolve("crash.log"),
            "-Djava.io.tmpdir=" + program.folder().resolve("tmp"),
            "-Djava.awt.headless=true",
            "-Dlogback.configurationFile=io/ait4j/lower/cli/logback.xml",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.cachedir=" + NativeLibraries.folder(),
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0"));
    String extension = System.getProperty("org.bytedeco.javacpp.platform.extension");
    if (extension != null) {
      command.add("-Dorg.bytedeco.javacpp.platform.extension=" + extension);
    }
    command.add(WorkerMain.class.getName());
    command.add(Boolean.toString(program.startsPrograms()));
    command.add(program.worker().getName());
    command.addAll(program.arguments());
    return command;
  }

  private static String java() {
    return JAVA_HOME.resolve("bin").resolve("java").toString();
  }

  private static Confinement confinement(WorkerProgram program, WorkerLimits limits) {
    List<Path> readable = new ArrayList<>(program.readable());
    readable.addAll(SystemFiles.readable());
    readable.add(JAVA_HOME);
    readable.addAll(classPath());
    readable.add(NativeLibraries.folder());
    List<Path> writable = new ArrayList<>(program.writable());
    writable.add(program.folder());
    writable.addAll(SystemFiles.devices());
    return new Confinement(
        limits.memoryBytes() + blasThreads() * BLAS_THREAD_BYTES,
        limits.diskBytes(),
        SystemFiles.hasGpu(),
        readable.stream().distinct().toList(),
        writable.stream().distinct().toList(),
        program.open());
  }

  private static int blasThreads() {
    int most = Math.min(MOST_BLAS_THREADS, Runtime.getRuntime().availableProcessors());
    try {
      return Math.clamp(Integer.parseInt(System.getenv().getOrDefault(BLAS_THREADS, "")), 1, most);
    } catch (NumberFormatException e) {
      return most; // the operator wants no less
    }
  }

  private static void environment(Map<String, String> variables, WorkerProgram program) {
    variables.clear();
    for (String name : VARIABLES) {
      String value = System.getenv(name);
      if (value != null) {
        variables.put(name, value);
      }
    }
    // libtorch's idle threads sleep instead of spinning beside ours.
    variables.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
    variables.put(BLAS_THREADS, Integer.toString(blasThreads()));
    variables.put("LC_ALL", "C.UTF-8");
    variables.put("HOME", program.folder().toString());
    variables.put("TMPDIR", program.folder().resolve("tmp").toString());
    variables.put(
        "CLASSPATH",
        classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
  }

  /** This server's. */
  static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }
}
