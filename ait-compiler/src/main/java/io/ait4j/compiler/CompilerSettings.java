package io.ait4j.compiler;

import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.select.Profiling;
import io.ait4j.fx.ModelException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * How partitions are compiled.
 *
 * @param target what to compile for
 * @param precision of what is kept between kernels, and of weights
 * @param cacheDir where compiled libraries are kept between runs; created when needed; null to keep
 *     nothing
 * @param compileJobs C++ compilers that may run at once, at least 1
 * @param keepSources folder that gets a copy of every generated source; null for none
 * @param withoutPasses names of {@link AitCompiler#passes} to leave out, to find out what a pass
 *     does
 * @param profiling how kernels of GPUs are chosen
 */
public record CompilerSettings(
    Target target,
    Precision precision,
    Path cacheDir,
    int compileJobs,
    Path keepSources,
    Set<String> withoutPasses,
    Profiling profiling) {

  public CompilerSettings {
    Objects.requireNonNull(target);
    Objects.requireNonNull(profiling);
    if (precision == Precision.TF32 && target instanceof CpuTarget) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "precision tf32 is what tensor cores of GPUs multiply, and CPUs have none; give --target"
              + " cuda, or --precision fp32");
    }
    withoutPasses = Set.copyOf(withoutPasses);
    if (!AitCompiler.passes().containsAll(withoutPasses)) {
      throw new IllegalArgumentException(withoutPasses + " are not all of " + AitCompiler.passes());
    }
    if (compileJobs < 1) {
      throw new IllegalArgumentException("compileJobs is " + compileJobs);
    }
  }

  /** For this machine, two compilers at once, no sources kept, the cache in the user's home. */
  public static CompilerSettings defaults() {
    return new CompilerSettings(
        CpuTarget.NATIVE, Precision.FP32, defaultCacheDir(), 2, null, Set.of(), Profiling.LIKELY);
  }

  /** {@code $XDG_CACHE_HOME/ait4j}, or {@code ~/.cache/ait4j}. */
  public static Path defaultCacheDir() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("ait4j");
  }

  /** A folder in {@link #cacheDir}; null if there is none. */
  public Path cacheFolder(String name) {
    return cacheDir == null ? null : cacheDir.resolve(name);
  }

  public CompilerSettings withCacheDir(Path dir) {
    return new CompilerSettings(
        target, precision, dir, compileJobs, keepSources, withoutPasses, profiling);
  }

  public CompilerSettings withTarget(Target other) {
    return new CompilerSettings(
        other, precision, cacheDir, compileJobs, keepSources, withoutPasses, profiling);
  }

  public CompilerSettings withoutPasses(Set<String> names) {
    return new CompilerSettings(
        target, precision, cacheDir, compileJobs, keepSources, names, profiling);
  }

  public CompilerSettings withPrecision(Precision other) {
    return new CompilerSettings(
        target, other, cacheDir, compileJobs, keepSources, withoutPasses, profiling);
  }

  public CompilerSettings withProfiling(Profiling other) {
    return new CompilerSettings(
        target, precision, cacheDir, compileJobs, keepSources, withoutPasses, other);
  }
}
