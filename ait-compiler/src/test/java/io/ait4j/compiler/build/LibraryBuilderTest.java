package io.ait4j.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ait4j.compiler.AffineLibrary;
import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Precision;
import io.ait4j.compiler.select.Profiling;
import io.ait4j.fx.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryBuilderTest {
  private static final String ONE =
      "extern \"C\" __attribute__((visibility(\"default\"))) int one() { return 1; }";

  @TempDir Path folder;
  private CompilerSettings settings;

  @BeforeEach
  void settings() {
    settings = CompilerSettings.defaults().withCacheDir(folder.resolve("cache"));
  }

  /** The machine's compiler behind a script that writes down each call. */
  private UnaryOperator<String> recorded() throws IOException {
    String real = CxxCompiler.find(System::getenv).command().getFirst();
    return script("echo \"$@\" >> " + calls() + "\nexec " + real + " \"$@\"\n");
  }

  private Path calls() {
    return folder.resolve("calls");
  }

  private UnaryOperator<String> script(String body) throws IOException {
    Path script = Files.writeString(folder.resolve("cxx"), "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return environment(Map.of("CXX", script.toString()));
  }

  private static UnaryOperator<String> environment(Map<String, String> variables) {
    return variables::get;
  }

  private long compilations() throws IOException {
    try (Stream<String> lines = Files.lines(calls())) {
      return lines.filter(line -> line.contains(" -c ")).count();
    }
  }

  @Test
  void compilesTheSameSourcesOnce() throws IOException {
    Path first = LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE));
    assertThat(compilations()).isEqualTo(1);
    Path second = LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE));
    assertThat(second).isEqualTo(first).startsWith(settings.cacheDir());
    assertThat(compilations()).isEqualTo(1);
    LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE + "\n"));
    assertThat(compilations()).isEqualTo(2);
    LibraryBuilder.of(settings.withTarget(CpuTarget.X86_64_V3), recorded())
        .build(Map.of("a.cpp", ONE));
    assertThat(compilations()).isEqualTo(3);
  }

  @Test
  void buildsAreDeterministic() throws IOException {
    Map<String, String> sources = Map.of("model.cpp", AffineLibrary.source());
    Path a = LibraryBuilder.of(settings).build(sources);
    Path b = LibraryBuilder.of(settings.withCacheDir(folder.resolve("other"))).build(sources);
    assertThat(b).isNotEqualTo(a).hasSameBinaryContentAs(a);
  }

  /** Three files are worth a precompiled header, two are not. */
  @Test
  void aPrecompiledHeaderChangesNoByte() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (String name : List.of("a", "b", "c")) {
      sources.put(
          name + ".cpp",
          "#include \"kernels.h\"\nfloat %s(float x) { return ait::op_round_float16(x); }\n"
              .formatted(name));
    }
    byte[] together = Files.readAllBytes(LibraryBuilder.of(settings).build(sources));
    assertThat(settings.cacheDir().resolve("header")).isNotEmptyDirectory();
    CompilerSettings other = settings.withCacheDir(folder.resolve("other"));
    sources.forEach((name, text) -> LibraryBuilder.of(other).build(Map.of(name, text)));
    assertThat(other.cacheDir().resolve("header")).doesNotExist();
    assertThat(LibraryBuilder.of(other).build(sources)).hasBinaryContent(together);
  }

  @Test
  void linksSeveralSources() {
    String two =
        "int half(); extern \"C\" __attribute__((visibility(\"default\"))) int two()"
            + " { return 2 * half(); }";
    LibraryBuilder builder = LibraryBuilder.of(settings);
    assertThat(builder.build(Map.of("a.cpp", two, "b.cpp", "int half() { return 1; }"))).exists();
    assertThatThrownBy(() -> builder.build(Map.of("a.cpp", two)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("undefined reference to `half()'");
  }

  @Test
  void aDamagedEntryIsBuiltAgain() throws IOException {
    Path library = LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE));
    byte[] good = Files.readAllBytes(library);
    Files.write(library, new byte[] {1, 2, 3});
    assertThat(LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE)))
        .isEqualTo(library)
        .hasBinaryContent(good);
    assertThat(compilations()).as("its object is there").isEqualTo(1);
    Files.delete(library);
    try (Stream<Path> files = Files.walk(settings.cacheDir().resolve("object"))) {
      for (Path object : files.filter(file -> file.endsWith("unit.o")).toList()) {
        Files.write(object, new byte[] {1, 2, 3});
      }
    }
    assertThat(LibraryBuilder.of(settings, recorded()).build(Map.of("a.cpp", ONE)))
        .hasBinaryContent(good);
    assertThat(compilations()).isEqualTo(2);
  }

  @Test
  void buildsWithoutACacheThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Path library =
        LibraryBuilder.of(settings.withCacheDir(file.resolve("cache"))).build(Map.of("a.cpp", ONE));
    assertThat(library).isNotEmptyFile();
    assertThat(library.startsWith(folder)).isFalse();
  }

  @Test
  void tellsTheFirstErrorsOfABrokenSource() {
    LibraryBuilder builder = LibraryBuilder.of(settings);
    assertThatThrownBy(() -> builder.build(Map.of("bad.cpp", "int f() {\n  return nonsense;\n}\n")))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.COMPILE))
        .hasMessageContaining("bad.cpp:2:")
        .hasMessageContaining("nonsense");
    assertThat(settings.cacheDir()).doesNotExist();
  }

  @Test
  void saysWhatToInstallWhereThereIsNoCompiler() {
    assertThatThrownBy(
            () -> LibraryBuilder.of(settings, environment(Map.of("PATH", folder.toString()))))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.COMPILE))
        .hasMessageContaining("neither g++ nor clang++ is on PATH")
        .hasMessageContaining("apt install g++");
    assertThatThrownBy(
            () ->
                LibraryBuilder.of(
                    settings,
                    environment(Map.of("PATH", "/usr/bin", "CXX", "no-such-compiler -x"))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("CXX names 'no-such-compiler'");
  }

  @Test
  void refusesAProcessorThatTheCompilerDoesNotKnow() {
    assertThatThrownBy(() -> new CpuTarget("native -O0")).isInstanceOf(ModelException.class);
    assertThatThrownBy(
            () ->
                LibraryBuilder.of(settings.withTarget(new CpuTarget("x86-64-v99")))
                    .build(Map.of("a.cpp", ONE)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("x86-64-v99");
  }

  @Test
  void cancellingStopsTheCompilerAndItsChildren() throws Exception {
    Path pid = folder.resolve("pid");
    UnaryOperator<String> slow =
        script("case \"$*\" in *-###*) exit 0;; esac\nsleep 600 &\necho $! > " + pid + "\nwait\n");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread build =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    LibraryBuilder.of(settings, slow).build(Map.of("a.cpp", ONE));
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    while (!Files.exists(pid) || Files.size(pid) == 0) {
      assertThat(build.isAlive()).isTrue();
      Thread.sleep(10);
    }
    build.interrupt();
    assertThat(build.join(Duration.ofSeconds(20))).isTrue();
    assertThat(failure.get()).isInstanceOf(ModelException.class).hasMessageContaining("cancelled");
    long child = Long.parseLong(Files.readString(pid).strip());
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (isRunning(child) && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(isRunning(child)).as("the compiler's child").isFalse();
  }

  // An orphan that nobody reaps stays in the table as a zombie.
  private static boolean isRunning(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "stat");
    try {
      return !Files.readString(status).replaceAll("^.*\\) ", "").startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void stopsACompilerThatTakesTooLong() {
    assertThatThrownBy(
            () -> CompilerProcess.run(List.of("sleep", "600"), folder, Duration.ofMillis(200)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("took more than");
  }

  @Test
  void keepsSourcesWhereAsked() throws IOException {
    Path kept = folder.resolve("kept");
    LibraryBuilder.of(
            new CompilerSettings(
                CpuTarget.NATIVE,
                Precision.FP32,
                settings.cacheDir(),
                1,
                kept,
                Set.of(),
                Profiling.OFF))
        .build(Map.of("model.cpp", AffineLibrary.source()));
    try (Stream<Path> files = Files.walk(kept)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .contains("model.cpp", "model.h", "container.h", "parallel.h");
    }
  }

  @Test
  void exportsTheInterfacesAndNeedsOnlyTheSystem() throws Exception {
    Path library = LibraryBuilder.of(settings).build(Map.of("model.cpp", AffineLibrary.source()));
    assertThat(output("nm", "-D", "--defined-only", library.toString()))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches(".* T (ait4j_[a-z_]+|AITemplate[A-Za-z]+)"))
        .anyMatch(line -> line.endsWith(" ait4j_run"))
        .anyMatch(line -> line.endsWith(" AITemplateModelContainerRun"));
    assertThat(output("readelf", "-d", library.toString()).filter(line -> line.contains("NEEDED")))
        .allSatisfy(
            line ->
                assertThat(line)
                    .matches(".*\\[(libc|libm|libpthread|ld-linux[-_a-z0-9]*)\\.so\\.[0-9]+\\]"));
  }

  private static Stream<String> output(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      return Stream.of();
    }
    String text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines();
  }
}
