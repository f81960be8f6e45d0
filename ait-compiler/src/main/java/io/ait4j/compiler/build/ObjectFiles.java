package io.ait4j.compiler.build;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * Compiles C++ files, several at once, each only once: an object is known by its file's name and
 * text, the headers, the flags and the compiler, whichever library it is for.
 */
final class ObjectFiles {
  private static final long CACHE_BYTES = 1L << 30;

  /** Never fast-math: NaN and infinity keep their meaning, and the JVM's threads their modes. */
  private static final List<String> FLAGS =
      List.of(
          "-std=c++20",
          "-O3",
          "-ffp-contract=fast",
          "-fno-math-errno",
          "-fno-trapping-math",
          "-fopenmp-simd",
          "-fPIC",
          "-fvisibility=hidden",
          "-ffunction-sections",
          "-fno-exceptions",
          "-fno-rtti",
          "-w");

  private static final Pattern VERSION =
      Pattern.compile("^.*\\b(?:gcc|clang) version .*$", Pattern.MULTILINE);

  private final List<String> command;
  private final List<String> deviceCommand;
  private final Optional<CudaToolkit> cuda;
  private final String identity;
  private final FileCache cache;
  private final Optional<PrecompiledHeader> precompiled;
  private final int jobs;

  private ObjectFiles(
      List<String> command,
      List<String> deviceCommand,
      Optional<CudaToolkit> cuda,
      String identity,
      CompilerSettings settings) {
    this.command = command;
    this.deviceCommand = deviceCommand;
    this.cuda = cuda;
    this.identity = identity;
    jobs = settings.compileJobs();
    cache = new FileCache(settings.cacheFolder("object"), "unit.o", CACHE_BYTES);
    precompiled =
        identity.contains("gcc version") // clang's hold the places and times of their headers
            ? Optional.of(new PrecompiledHeader(settings.cacheFolder("header"), command, identity))
            : Optional.empty();
  }

  /**
   * @param cuda the toolkit for a target with GPUs
   * @throws ModelException if a compiler does not know the target
   */
  static ObjectFiles of(
      CxxCompiler compiler, Optional<CudaToolkit> cuda, CompilerSettings settings, Path folder) {
    List<String> command = new ArrayList<>(compiler.command());
    command.addAll(FLAGS);
    cuda.ifPresent(toolkit -> command.addAll(toolkit.hostFlags()));
    command.add("-march=" + settings.target().host().march());
    // With -### a compiler runs nothing but tells its version and what `native` comes down to here.
    List<String> ask = new ArrayList<>(command);
    ask.addAll(List.of("-###", "-E", "-x", "c++", "/dev/null"));
    String identity = CompilerProcess.run(ask, folder);
    if (cuda.isEmpty()) {
      return new ObjectFiles(command, List.of(), cuda, identity, settings);
    }
    List<String> device = cuda.get().deviceCommand((CudaTarget) settings.target());
    return new ObjectFiles(
        command, device, cuda, identity + cuda.get().identity() + device, settings);
  }

  /** The compiler, its flags, and what the target is here. */
  String identity() {
    return identity;
  }

  /** The C++ compiler, and nvcc, with their versions. */
  String compiler() {
    String version =
        VERSION
            .matcher(identity)
            .results()
            .map(found -> found.group().strip())
            .findFirst()
            .orElse(command.getFirst());
    return cuda.map(toolkit -> version + ", nvcc " + toolkit.version()).orElse(version);
  }

  /** The processor's instruction sets for which C++ is compiled. */
  List<String> instructions() {
    return PrivateFolder.with(
        folder -> {
          List<String> ask = new ArrayList<>(command);
          ask.addAll(List.of("-dM", "-E", "-x", "c++", "/dev/null", "-o", "macros.txt"));
          CompilerProcess.run(ask, folder);
          return Instructions.of(Files.readString(folder.resolve("macros.txt")));
        });
  }

  /** What the object of a file is known by. */
  String key(SourceFile file) {
    Sha256 hash = new Sha256().add(identity).add(file.name()).add(file.text());
    file.headers().forEach((name, text) -> hash.add(name).add(text));
    return hash.hex();
  }

  /**
   * The objects of these files, or fatbins of device code, made in {@code folder} or from the
   * cache.
   *
   * @param progress hears how many are there
   * @throws ModelException if one does not compile, or this thread is interrupted
   */
  List<Path> compile(List<SourceFile> files, Path folder, BuildProgress progress)
      throws IOException {
    List<Path> objects = new ArrayList<>();
    List<SourceFile> missing = new ArrayList<>();
    for (SourceFile file : files) {
      Path object = folder.resolve(file.compiled());
      objects.add(object);
      Optional<Path> cached = cache.find(key(file));
      if (cached.isPresent()) {
        Files.copy(cached.get(), object);
      } else {
        missing.add(file);
        file.write(folder);
      }
    }
    if (!missing.isEmpty()) {
      int cached = files.size() - missing.size();
      compileAll(
          missing, folder, (compiled, all) -> progress.compiled(cached + compiled, files.size()));
    }
    return objects;
  }

  /** The names of object files in {@code folder} that hold a library's constants. */
  List<String> assemble(BoundData data, Path folder) throws IOException {
    String name = "constants.bin"; // whatever the file's own may be
    Files.createSymbolicLink(folder.resolve(name), data.file().toAbsolutePath());
    List<String> made = new ArrayList<>();
    for (String text : data.assembly(name)) {
      String file = "bound" + made.size();
      Files.writeString(folder.resolve(file + ".s"), text);
      List<String> assemble = new ArrayList<>(command);
      assemble.addAll(List.of("-c", file + ".s", "-o", file + ".o"));
      CompilerProcess.run(assemble, folder);
      made.add(file + ".o");
    }
    return made;
  }

  private void compileAll(List<SourceFile> files, Path folder, BuildProgress progress) {
    long users = files.stream().filter(SourceFile::usesPrecompiled).count();
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, files.size() + 1));
    try {
      ExecutorCompletionService<Object> done = new ExecutorCompletionService<>(pool);
      // First, because others wait for it, those last that do.
      Future<Boolean> header =
          pool.submit(() -> precompiled.isPresent() && precompiled.get().put(folder, (int) users));
      files.stream()
          .filter(file -> !file.usesPrecompiled())
          .forEach(file -> done.submit(() -> compile(file, folder, false)));
      files.stream()
          .filter(SourceFile::usesPrecompiled)
          .forEach(file -> done.submit(() -> compile(file, folder, header.get())));
      for (int i = 0; i < files.size(); i++) {
        progress.compiled(i, files.size());
        done.take().get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ModelException failed -> throw failed;
        case IOException failed -> throw new UncheckedIOException(failed);
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException(ModelException.Kind.COMPILE, "compiling was cancelled", e);
    } finally {
      pool.shutdownNow(); // interrupts, and so stops, compilers that still run
      pool.close();
    }
  }

  private Path compile(SourceFile file, Path folder, boolean isPrecompiled) throws IOException {
    Path object;
    try {
      object = compile(file, folder);
    } catch (ModelException e) {
      if (!isPrecompiled || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      // A compiler may be unable to map what another process of it has written.
      Path plain = Files.createTempDirectory(folder, "plain");
      file.write(plain);
      object = Files.move(compile(file, plain), folder.resolve(file.compiled()));
    }
    cache.insert(key(file), object);
    return object;
  }

  private Path compile(SourceFile file, Path folder) {
    List<String> compile = new ArrayList<>(file.isDevice() ? deviceCommand : command);
    compile.addAll(
        file.isDevice()
            ? List.of(file.name())
            : List.of("-frandom-seed=" + file.name(), "-c", file.name()));
    compile.addAll(List.of("-o", file.compiled()));
    CompilerProcess.run(compile, folder);
    return folder.resolve(file.compiled());
  }
}
