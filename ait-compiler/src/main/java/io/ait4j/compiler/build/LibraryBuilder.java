package io.ait4j.compiler.build;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.ir.Header;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Makes shared libraries from generated C++: finds the compiler, knows its flags, compiles in a
 * private folder, remembers the result. Safe for use from several threads.
 */
public final class LibraryBuilder {
  private static final long CACHE_BYTES = 2L << 30;

  // No libstdc++ at all, and nothing left open: the library needs libc, libm and pthreads only.
  private static final List<String> LINK_FLAGS =
      List.of(
          "-shared",
          "-nodefaultlibs",
          "-Wl,-z,defs",
          "-Wl,-z,noexecstack",
          "-Wl,--as-needed",
          "-Wl,--gc-sections");
  private static final List<String> LIBRARIES = List.of("-lm", "-lpthread", "-lc", "-lgcc");

  private final CxxCompiler compiler;
  private final ObjectFiles objects;
  private final FileCache cache;
  private final Path keepSources;

  private LibraryBuilder(CxxCompiler compiler, CompilerSettings settings) {
    this.compiler = compiler;
    cache = new FileCache(settings.cacheFolder("build"), "model.so", CACHE_BYTES);
    keepSources = settings.keepSources();
    objects = PrivateFolder.with(folder -> ObjectFiles.of(compiler, settings, folder));
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

  /** What tells this compiler, with the target as it is on this machine, from others. */
  public String identity() {
    Sha256 hash = new Sha256().add(objects.identity());
    LINK_FLAGS.forEach(hash::add);
    LIBRARIES.forEach(hash::add);
    return hash.hex();
  }

  /** The library of these sources, which include no headers but ours. */
  public Path build(Map<String, String> sources) {
    return build(sources, Set.of());
  }

  /**
   * The library of these sources. The file lies in the cache, or, if that cannot be written, in a
   * temporary folder until the JVM ends; do not change it.
   *
   * @param sources file name, of letters, digits and {@code _} and ending in {@code .cpp}, to text;
   *     compilers start in the map's order
   * @param own headers that the sources may include beside this module's
   * @throws ModelException if it does not compile, with the compiler's first errors; if this thread
   *     is interrupted, which stops the compiler
   */
  public Path build(Map<String, String> sources, Set<Header> own) {
    List<SourceFile> files =
        sources.entrySet().stream()
            .map(
                source ->
                    new SourceFile(
                        source.getKey(),
                        source.getValue(),
                        Headers.includedBy(List.of(source.getValue()), own)))
            .toList();
    keep(files);
    String key = key(files);
    return cache.find(key).orElseGet(() -> PrivateFolder.with(dir -> make(dir, key, files)));
  }

  private String key(List<SourceFile> files) {
    Sha256 hash = new Sha256().add(identity());
    files.stream().map(file -> objects.key(file)).sorted().forEach(hash::add);
    return hash.hex();
  }

  private void keep(List<SourceFile> files) {
    if (keepSources == null) {
      return;
    }
    try {
      Path folder = Files.createDirectories(keepSources.resolve(key(files).substring(0, 16)));
      for (SourceFile file : files) {
        file.write(folder);
      }
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot write the sources to " + keepSources + ": " + e, e);
    }
  }

  private Path make(Path folder, String key, List<SourceFile> files) throws IOException {
    List<String> link = new ArrayList<>(compiler.command());
    link.addAll(LINK_FLAGS);
    // Sorted: equal files make equal libraries, in whichever order they come.
    link.addAll(objects.compile(files, folder).stream().map(Path::toString).sorted().toList());
    link.addAll(LIBRARIES);
    link.addAll(List.of("-o", "model.so"));
    CompilerProcess.run(link, folder);
    Path built = folder.resolve("model.so");
    Optional<Path> cached = cache.insert(key, built);
    return cached.isPresent() ? cached.get() : keepUntilExit(built);
  }

  private static Path keepUntilExit(Path built) throws IOException {
    Path folder = Files.createTempDirectory("ait4j");
    folder.toFile().deleteOnExit();
    Path library = folder.resolve("model.so");
    library.toFile().deleteOnExit();
    return Files.move(built, library);
  }
}
