package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NVIDIA's compiler, and what comes with it.
 *
 * @param nvcc the executable
 * @param root folder of its headers and libraries
 * @param host the C++ compiler that it runs for headers
 * @param identity tells its version from others
 * @param version as NVIDIA writes it, {@code 13.0.88}
 */
record CudaToolkit(String nvcc, Path root, String host, String identity, String version) {
  private static final int LEAST_MAJOR = 12;
  private static final int LEAST_MINOR = 8;

  private static final Pattern TOP = Pattern.compile("^#\\$ TOP=(.*)$", Pattern.MULTILINE);
  private static final Pattern VERSION = Pattern.compile("-D__CUDACC_VER_(\\w+)__=(\\d+)");

  /** Device code only; never fast-math: NaN and infinity keep their meaning. */
  private static final List<String> DEVICE_FLAGS =
      List.of(
          "-fatbin",
          "-std=c++20",
          "-O3",
          "--expt-relaxed-constexpr",
          "-I.",
          "-lineinfo",
          "-diag-suppress=177", // unused
          "-w");

  /**
   * {@code $NVCC}, else nvcc from {@code PATH}, from {@code $CUDA_HOME/bin} or from {@code
   * /usr/local/cuda/bin}.
   *
   * @param environment looks up environment variables; null for unset ones
   * @param compiler what nvcc runs, unless {@code $NVCC_CCBIN} names another
   * @param folder for temporary files
   * @throws ModelException (COMPILE) if there is none, or it is too old
   */
  static CudaToolkit find(UnaryOperator<String> environment, CxxCompiler compiler, Path folder) {
    String nvcc =
        named(environment)
            .orElseThrow(
                () ->
                    new ModelException(
                        ModelException.Kind.COMPILE,
                        "no CUDA compiler: nvcc is neither on PATH nor in /usr/local/cuda/bin;"
                            + " install the CUDA toolkit (12.8 or later) or set NVCC"));
    String text =
        CompilerProcess.run(
            List.of(nvcc, "--dryrun", "-fatbin", "-x", "cu", "/dev/null", "-o", "ask.fatbin"),
            folder);
    Matcher top = TOP.matcher(text);
    if (!top.find()) {
      throw new ModelException(
          ModelException.Kind.COMPILE, nvcc + " does not say where its toolkit is; is it nvcc?");
    }
    Map<String, Integer> version = new TreeMap<>(); // BUILD, MAJOR, MINOR
    VERSION.matcher(text).results().forEach(m -> version.put(m.group(1), parse(m.group(2))));
    int major = version.getOrDefault("MAJOR", 0);
    int minor = version.getOrDefault("MINOR", 0);
    if (major < LEAST_MAJOR || major == LEAST_MAJOR && minor < LEAST_MINOR) {
      throw new ModelException(
          ModelException.Kind.COMPILE,
          "%s is of CUDA %d.%d, and %d.%d or later is needed; install it and name its nvcc by NVCC"
              .formatted(nvcc, major, minor, LEAST_MAJOR, LEAST_MINOR));
    }
    String host = Optional.ofNullable(environment.apply("NVCC_CCBIN")).orElse("").strip();
    return new CudaToolkit(
        nvcc,
        Path.of(top.group(1)).normalize(),
        host.isEmpty() ? compiler.executable() : host,
        "nvcc " + version,
        "%d.%d.%d".formatted(major, minor, version.getOrDefault("BUILD", 0)));
  }

  private static int parse(String number) {
    return Integer.parseInt(number);
  }

  private static Optional<String> named(UnaryOperator<String> environment) {
    String named = environment.apply("NVCC");
    String path = Optional.ofNullable(environment.apply("PATH")).orElse("");
    if (named != null && !named.isBlank()) {
      return CxxCompiler.executable(named.strip(), path);
    }
    List<String> others = new ArrayList<>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      Optional.ofNullable(environment.apply(variable))
          .ifPresent(home -> others.add(home + "/bin/nvcc"));
    }
    others.add("/usr/local/cuda/bin/nvcc");
    return CxxCompiler.executable("nvcc", path)
        .or(() -> others.stream().filter(file -> Files.isExecutable(Path.of(file))).findFirst());
  }

  /** For C++ files that call CUDA's runtime. */
  List<String> hostFlags() {
    return List.of("-isystem", root.resolve("include").toString());
  }

  /** The command that a device file's name and the result's are added to. */
  List<String> deviceCommand(CudaTarget target) {
    List<String> command = new ArrayList<>(List.of(nvcc));
    command.addAll(DEVICE_FLAGS);
    command.addAll(List.of("-ccbin", host));
    String newest = "";
    for (String architecture : target.architectures()) {
      String virtual = architecture.replace("sm_", "compute_");
      command.add("-gencode=arch=" + virtual + ",code=" + architecture);
      if (!CudaTarget.isSpecific(architecture)
          && (newest.isEmpty()
              || CudaTarget.capability(architecture) > CudaTarget.capability(newest))) {
        newest = virtual;
      }
    }
    if (!newest.isEmpty()) { // for GPUs to come
      command.add("-gencode=arch=" + newest + ",code=" + newest);
    }
    return List.copyOf(command);
  }

  /** CUDA's runtime, linked in: a library needs nothing but the driver. */
  List<String> libraries() {
    return List.of(
        "-L" + root.resolve("lib64"),
        "-L" + root.resolve("lib"),
        "-l:libcudart_static.a",
        "-ldl",
        "-lrt");
  }
}
