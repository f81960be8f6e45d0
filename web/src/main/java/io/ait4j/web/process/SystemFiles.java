package io.ait4j.web.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Java and compilers need of a machine, wherever it is installed. */
final class SystemFiles {
  /** What a process sees of itself. */
  private static final String OWN_PROCESS = "/proc/self";

  /** And of its threads, in the same folder. */
  static final String OWN_THREADS = OWN_PROCESS + "/task";

  private static final List<String> ALWAYS =
      List.of(
          "/usr",
          "/bin",
          "/sbin",
          "/lib",
          "/lib64",
          "/nix/store",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/alternatives",
          "/etc/localtime",
          "/etc/nsswitch.conf",
          "/etc/passwd",
          "/etc/group",
          "/sys",
          // Of /proc what tells of the machine and of the process itself: others' command lines may
          // hold secrets.
          OWN_PROCESS,
          "/proc/cgroups",
          "/proc/cpuinfo",
          "/proc/devices",
          "/proc/driver",
          "/proc/filesystems",
          "/proc/loadavg",
          "/proc/meminfo",
          "/proc/modules",
          "/proc/stat",
          "/proc/sys",
          "/proc/uptime",
          "/proc/version");

  private static final List<String> DEVICES =
      List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom");

  /** Where the operator says that compilers and libraries are. */
  private static final List<String> VARIABLES =
      List.of("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH");

  private static final List<String> COMPILERS = List.of("CXX", "NVCC", "NVCC_CCBIN");

  private SystemFiles() {}

  static List<Path> readable() {
    List<Path> paths = new ArrayList<>();
    ALWAYS.forEach(path -> paths.add(Path.of(path)));
    paths.addAll(matches("/etc", "java-*")); // Debian keeps the JDK's settings there
    for (String name : VARIABLES) {
      String value = System.getenv(name);
      if (value != null) {
        for (String folder : value.split(File.pathSeparator)) {
          addAbsolute(folder, paths);
        }
      }
    }
    for (String name : COMPILERS) {
      String value = System.getenv(name);
      if (value != null) {
        installation(value.strip().split("\\s+")[0], paths);
      }
    }
    return paths;
  }

  /** What may be read and written. */
  static List<Path> devices() {
    List<Path> paths = new ArrayList<>();
    DEVICES.forEach(path -> paths.add(Path.of(path)));
    paths.addAll(gpus());
    if (hasGpu()) {
      paths.add(Path.of(OWN_THREADS)); // its driver names the threads that it starts
    }
    return paths;
  }

  /** Whether programs find a GPU of NVIDIA's here. */
  static boolean hasGpu() {
    return !gpus().isEmpty();
  }

  private static List<Path> gpus() {
    return matches("/dev", "nvidia*");
  }

  private static void addAbsolute(String text, List<Path> paths) {
    if (text.startsWith("/") && text.length() > 1) {
      paths.add(Path.of(text));
    }
  }

  /** A compiler in {@code PREFIX/bin} has its own files under the prefix. */
  private static void installation(String program, List<Path> paths) {
    addAbsolute(program, paths);
    Path file = Path.of(program);
    if (file.isAbsolute() && file.getNameCount() > 3 && file.getParent().endsWith("bin")) {
      paths.add(file.getParent().getParent());
    }
  }

  private static List<Path> matches(String folder, String pattern) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(folder), pattern)) {
      files.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // whoever needs one says that it is missing
    }
    return found;
  }
}
