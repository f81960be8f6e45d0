package io.ait4j.compiler;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.cuda.CudaDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What this machine can do at most: the two lines of a roofline, measured.
 *
 * @param flops multiply-adds in registers a second, two operations each
 * @param levels memory by size, the nearest first
 */
public record MachineLimits(double flops, List<Level> levels) {
  /** Sizes that lie well within the caches that processors have, and beyond them all. */
  private static final long[] SIZES = {24 << 10, 400 << 10, 12 << 20, 192 << 20};

  /**
   * A level of memory.
   *
   * @param bytes what it was measured with
   * @param read bytes a second, only read
   * @param copied bytes a second, half of them written
   */
  public record Level(long bytes, double read, double copied) {}

  public MachineLimits {
    levels = List.copyOf(levels);
  }

  /**
   * What NVIDIA says of a GPU: its units at their highest clock, its memory at its.
   *
   * @param precision whose units count: ordinary ones for float32, else tensor cores
   */
  public static MachineLimits of(CudaDevice gpu, Precision precision) {
    int capability = gpu.capability().number();
    double perClock =
        switch (precision) {
          case FP32 -> capability == 80 ? 128 : 256;
          case TF32 -> tensorCores(capability) / 2;
          case FP16, BF16 -> tensorCores(capability);
        };
    double memory = gpu.memoryBytesPerSecond();
    return new MachineLimits(
        perClock * gpu.multiprocessors() * gpu.clockHertz(),
        List.of(new Level(gpu.totalBytes(), memory, memory)));
  }

  /** Operations a clock of a multiprocessor's tensor cores on halves, sums in float32. */
  static double tensorCores(int capability) {
    return switch (capability) {
      case 80 -> 2048;
      case 90 -> 4096;
      case 100, 103 -> 8192;
      default -> 1024; // those that also draw pictures
    };
  }

  /**
   * Measures, which takes about a second.
   *
   * @param threads as in {@link AitModule#setThreads}
   * @throws ModelException (COMPILE) if there is no C++ compiler
   */
  public static MachineLimits measure(CompilerSettings settings, int threads) {
    Path library =
        LibraryBuilder.of(settings).build(Map.of("roofline.cpp", "#include \"roofline_impl.h\"\n"));
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
      MethodHandle flops =
          Linker.nativeLinker()
              .downcallHandle(
                  symbols.findOrThrow("ait4j_measure_flops"),
                  FunctionDescriptor.of(JAVA_DOUBLE, JAVA_INT));
      MethodHandle bandwidth =
          Linker.nativeLinker()
              .downcallHandle(
                  symbols.findOrThrow("ait4j_measure_bandwidth"),
                  FunctionDescriptor.of(JAVA_DOUBLE, JAVA_INT, JAVA_LONG, JAVA_INT));
      List<Level> levels = new ArrayList<>();
      for (long bytes : SIZES) {
        levels.add(
            new Level(
                bytes,
                (double) bandwidth.invokeExact(threads, bytes, 0),
                (double) bandwidth.invokeExact(threads, bytes, 1)));
      }
      return new MachineLimits((double) flops.invokeExact(threads), levels);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The least time that such work can take: that of its arithmetic or that of its memory.
   *
   * @param constants bytes of all constants of a run: those that fit no cache come from memory
   */
  public double leastNanos(KernelProfile work, long constants) {
    return Math.max(arithmeticNanos(work), memoryNanos(work, constants));
  }

  /** The least time for the arithmetic alone. */
  public double arithmeticNanos(KernelProfile work) {
    return work.flops() / flops * 1e9;
  }

  private double memoryNanos(KernelProfile work, long constants) {
    return (work.bytes() / level(work.bytes()).copied()
            + work.constantBytes() / level(constants).read())
        * 1e9;
  }

  private Level level(long bytes) {
    return levels.stream()
        .filter(level -> bytes <= level.bytes())
        .findFirst()
        .orElse(levels.getLast());
  }
}
