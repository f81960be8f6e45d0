package io.ait4j.compiler.build;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private final Optional<CudaToolkit> cuda;
  private final ObjectFiles objects;
  private final FileCache cache;
  private final Path keepSources;

  private LibraryBuilder(
      CxxCompiler compiler, Optional<CudaToolkit> cuda, CompilerSettings settings) {
    this.compiler = compiler;
    this.cuda = cuda;
    cache = new FileCache(settings.cacheFolder("build"), "model.so", CACHE_BYTES);
    keepSources = settings.keepSources();
    objects = PrivateFolder.with(folder -> ObjectFiles.of(compiler, cuda, settings, folder));
  }

  /**
   * With the compiler that {@code CXX} names, else g++ or clang++ from {@code PATH}; for GPUs also
   * nvcc, from {@code NVCC}, {@code PATH} or its usual place.
   *
   * @throws ModelException if there is none, or it does not know the target
   */
  public static LibraryBuilder of(CompilerSettings settings) {
    return of(settings, System::getenv);
  }

  static LibraryBuilder of(CompilerSettings settings, UnaryOperator<String> environment) {
    CxxCompiler compiler = CxxCompiler.find(environment);
    Optional<CudaToolkit> cuda =
        settings.target() instanceof CudaTarget
            ? Optional.of(
                PrivateFolder.with(folder -> CudaToolkit.find(environment, compiler, folder)))
            : Optional.empty();
    return new LibraryBuilder(compiler, cuda, settings);
  }

  /** What tells this compiler, with the target as it is on this machine, from others. */
  public String identity() {
    Sha256 hash = new Sha256().add(objects.identity());
    LINK_FLAGS.forEach(hash::add);
    LIBRARIES.forEach(hash::add);
    return hash.hex();
  }

  /** The library of these C++ sources, which include no headers but ours. */
  public Path build(Map<String, String> sources) {
    return build(new Sources(sources, Map.of(), Map.of(), Set.of()));
  }

  /** The library of these sources, without saying how far it is. */
  public Path build(Sources sources) {
    return build(sources, BuildProgress.NONE);
  }

  /**
   * The library of these sources. The file lies in the cache, or, if that cannot be written, in a
   * temporary folder until the JVM ends; do not change it.
   *
   * @param progress hears how many files are compiled; nothing if the library was there
   * @throws ModelException if it does not compile, with the compiler's first errors; if this thread
   *     is interrupted, which stops the compiler
   */
  public Path build(Sources sources, BuildProgress progress) {
    List<SourceFile> files = files(sources);
    keep(files);
    String key = key(files);
    return cache
        .find(key)
        .orElseGet(() -> PrivateFolder.with(dir -> make(dir, key, files, progress)));
  }

  /**
   * What tells these sources, once compiled, from others: their texts, headers, and the compiler.
   */
  public String key(Sources sources) {
    return key(files(sources));
  }

  /**
   * What is to be known of a library that {@link #build(Sources)} has made.
   *
   * @throws ModelException (IO) if it cannot be read
   */
  public BuildRecord record(Sources sources, Path library) {
    try (FileChannel file = FileChannel.open(library);
        Arena arena = Arena.ofConfined()) {
      MemorySegment elf = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
      return new BuildRecord(
          key(sources),
          objects.compiler(),
          objects.instructions(),
          ElfVersions.newestGlibc(elf).orElse(""));
    } catch (IOException e) {
      throw new ModelException(
          ModelException.Kind.IO, "cannot read the library " + library + ": " + e, e);
    }
  }

  private static List<SourceFile> files(Sources sources) {
    Map<String, String> texts = new LinkedHashMap<>(sources.device()); // they take longest
    texts.putAll(sources.host());
    return texts.entrySet().stream()
        .map(
            source ->
                new SourceFile(
                    source.getKey(),
                    source.getValue(),
                    Headers.includedBy(List.of(source.getValue()), sources.headers())))
        .toList();
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

  /**
   * Writes the library of these sources with constants inside, which needs nothing else.
   *
   * @param out appears whole or not at all; beside it is the room that the work takes, twice that
   *     of the constants
   * @throws ModelException as {@link #build(Sources)} does; (IO) if it cannot be written
   */
  public void buildWhole(Sources sources, BoundData data, Path out) {
    List<SourceFile> files = new ArrayList<>(files(sources));
    String tables = data.tables();
    files.add(
        new SourceFile(
            "bound.cpp", tables, Headers.includedBy(List.of(tables), sources.headers())));
    WholeFile.write(
        out,
        part ->
            PrivateFolder.beside(
                part,
                folder -> {
                  Path built =
                      link(folder, files, objects.assemble(data, folder), BuildProgress.NONE);
                  return Files.move(built, part, StandardCopyOption.REPLACE_EXISTING);
                }));
  }

  private Path make(Path folder, String key, List<SourceFile> files, BuildProgress progress)
      throws IOException {
    Path built = link(folder, files, List.of(), progress);
    Optional<Path> cached = cache.insert(key, built);
    return cached.isPresent() ? cached.get() : keepUntilExit(built);
  }

  /**
   * @param others names of further object files in {@code folder}
   */
  private Path link(
      Path folder, List<SourceFile> files, List<String> others, BuildProgress progress)
      throws IOException {
    List<String> link = new ArrayList<>(compiler.command());
    link.addAll(LINK_FLAGS);
    // Sorted: equal files make equal libraries, in whichever order they come.
    List<String> made =
        objects.compile(files, folder, progress).stream()
            .map(p -> p.getFileName().toString())
            .sorted()
            .toList();
    link.addAll(made.stream().filter(name -> name.endsWith(".o")).toList());
    link.addAll(others);
    if (cuda.isPresent()) {
      List<String> images = made.stream().filter(name -> name.endsWith(".fatbin")).toList();
      link.add(DeviceImages.compile(compiler, images, folder));
      link.addAll(cuda.get().libraries());
    }
    link.addAll(LIBRARIES);
    link.addAll(List.of("-o", "model.so"));
    CompilerProcess.run(link, folder);
    return folder.resolve("model.so");
  }

  private static Path keepUntilExit(Path built) throws IOException {
    Path folder = Files.createTempDirectory("ait4j");
    folder.toFile().deleteOnExit();
    Path library = folder.resolve("model.so");
    library.toFile().deleteOnExit();
    return Files.move(built, library);
  }
}
