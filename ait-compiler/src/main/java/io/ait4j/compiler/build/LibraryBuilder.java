package io.ait4j.compiler.build;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * Makes shared libraries from generated C++: finds the compiler, knows its flags, compiles in a
 * private folder, remembers the result. Safe for use from several threads.
 */
public final class LibraryBuilder {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** Never fast-math: NaN and infinity keep their meaning, and the JVM's threads their modes. */
  private static final List<String> COMPILE_FLAGS =
      List.of(
          "-std=c++20",
          "-O3",
          "-ffp-contract=fast",
          "-fno-math-errno",
          "-fno-trapping-math",
          "-fopenmp-simd",
          "-fPIC",
          "-fvisibility=hidden",
          "-fno-exceptions",
          "-fno-rtti",
          "-w");

  // No libstdc++ at all, and nothing left open: the library needs libc, libm and pthreads only.
  private static final List<String> LINK_FLAGS =
      List.of("-shared", "-nodefaultlibs", "-Wl,-z,defs", "-Wl,-z,noexecstack", "-Wl,--as-needed");
  private static final List<String> LIBRARIES = List.of("-lm", "-lpthread", "-lc", "-lgcc");

  private final CxxCompiler compiler;
  private final CpuTarget target;
  private final BuildCache cache;
  private final int jobs;
  private final Path keepSources;
  private final String identity;

  private LibraryBuilder(CxxCompiler compiler, CompilerSettings settings) {
    this.compiler = compiler;
    target = settings.target();
    cache = new BuildCache(settings.cacheDir());
    jobs = settings.compileJobs();
    keepSources = settings.keepSources();
    identity = inPrivateFolder(this::askIdentity);
  }

  /**
   * With the compiler that {@code CXX} names, else g++ or clang++ from {@code PATH}.
   *
   * @throws ModelException if there is none, or it does not know the target
   */
  public static LibraryBuilder of(CompilerSettings settings) {
    return of(settings, System::getenv);
  }

  static LibraryBuilder of(CompilerSettings settings, UnaryOperator<String> environment) {
    return new LibraryBuilder(CxxCompiler.find(environment), settings);
  }

  /** The library of these sources, which include no headers but ours. */
  public Path build(Map<String, String> sources) {
    return build(sources, Set.of());
  }

  /**
   * The library of these sources. The file lies in the cache, or, if that cannot be written, in a
   * temporary folder until the JVM ends; do not change it.
   *
   * @param sources file name, of letters, digits and {@code _} and ending in {@code .cpp}, to text
   * @param own headers that the sources may include beside this module's
   * @throws ModelException if it does not compile, with the compiler's first errors; if this thread
   *     is interrupted, which stops the compiler
   */
  public Path build(Map<String, String> sources, Set<Header> own) {
    Map<String, String> files = new TreeMap<>(sources);
    for (String name : files.keySet()) {
      if (!name.matches("[A-Za-z0-9_]+\\.cpp")) {
        throw new IllegalArgumentException("source file " + name);
      }
    }
    Map<String, String> headers = Headers.includedBy(files.values(), own);
    String key = key(files, headers);
    keep(key, files, headers);
    return cache.find(key).orElseGet(() -> inPrivateFolder(dir -> make(dir, key, files, headers)));
  }

  private String key(Map<String, String> sources, Map<String, String> headers) {
    Sha256 hash = new Sha256().add(identity);
    COMPILE_FLAGS.forEach(hash::add);
    LINK_FLAGS.forEach(hash::add);
    LIBRARIES.forEach(hash::add);
    for (Map<String, String> part : List.of(sources, headers)) {
      hash.add(String.valueOf(part.size()));
      part.forEach((name, text) -> hash.add(name).add(text));
    }
    return hash.hex();
  }

  // With -### a compiler runs nothing but tells its version and what `native` comes down to here.
  private String askIdentity(Path folder) {
    List<String> command = new ArrayList<>(compiler.command());
    command.addAll(List.of("-march=" + target.march(), "-###", "-E", "-x", "c++", "/dev/null"));
    return CompilerProcess.run(command, folder, LIMIT);
  }

  private void keep(String key, Map<String, String> sources, Map<String, String> headers) {
    if (keepSources == null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(keepSources.resolve(key.substring(0, 16)));
      write(folder, sources);
      write(folder, headers);
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot write the sources to " + keepSources + ": " + e, e);
    }
  }

  private static void write(Path folder, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private Path make(
      Path folder, String key, Map<String, String> sources, Map<String, String> headers) {
    try {
      write(folder, sources);
      write(folder, headers);
      List<String> objects = compileAll(folder, List.copyOf(sources.keySet()));
      List<String> link = new ArrayList<>(compiler.command());
      link.addAll(LINK_FLAGS);
      link.addAll(objects);
      link.addAll(LIBRARIES);
      link.addAll(List.of("-o", "model.so"));
      CompilerProcess.run(link, folder, LIMIT);
      Path built = folder.resolve("model.so");
      Optional<Path> cached = cache.insert(key, built);
      return cached.isPresent() ? cached.get() : keepUntilExit(built);
    } catch (IOException e) {
      throw temporaryFolderFailed(e);
    }
  }

  private static Path keepUntilExit(Path built) throws IOException {
    Path folder = Files.createTempDirectory("ait4j");
    folder.toFile().deleteOnExit();
    Path library = folder.resolve("model.so");
    library.toFile().deleteOnExit();
    return Files.move(built, library);
  }

  private List<String> compileAll(Path folder, List<String> sources) {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, sources.size()));
    try {
      ExecutorCompletionService<String> done = new ExecutorCompletionService<>(pool);
      for (String source : sources) {
        done.submit(() -> CompilerProcess.run(compile(source), folder, LIMIT));
      }
      for (int i = 0; i < sources.size(); i++) {
        Future<String> next = done.take();
        next.get();
      }
      return sources.stream().map(LibraryBuilder::object).toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ModelException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException(ModelException.Kind.COMPILE, "compiling was cancelled", e);
    } finally {
      pool.shutdownNow(); // interrupts, and so stops, compilers that still run
      pool.close();
    }
  }

  private List<String> compile(String source) {
    List<String> command = new ArrayList<>(compiler.command());
    command.addAll(COMPILE_FLAGS);
    command.add("-march=" + target.march());
    command.addAll(List.of("-frandom-seed=" + source, "-c", source, "-o", object(source)));
    return command;
  }

  private static String object(String source) {
    return source.replace(".cpp", ".o");
  }

  private interface Work<T> {
    T in(Path folder);
  }

  private static <T> T inPrivateFolder(Work<T> work) {
    Path folder;
    try {
      folder = Files.createTempDirectory("ait4j-build");
    } catch (IOException e) {
      throw temporaryFolderFailed(e);
    }
    try {
      return work.in(folder);
    } finally {
      BuildCache.deleteQuietly(folder);
    }
  }

  private static ModelException temporaryFolderFailed(IOException e) {
    return new ModelException(
        ModelException.Kind.IO,
        "cannot write to the temporary folder "
            + System.getProperty("java.io.tmpdir")
            + " ("
            + e
            + "); free space there or set java.io.tmpdir",
        e);
  }
}
