package io.ait4j.compiler.select;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.pass.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The way in: chooses the kernels of a program for a target. */
public final class Selections {
  private Selections() {}

  /** What the cost model takes; builds nothing. */
  public static KernelSelection byCost(Schedule schedule, CudaTarget target) {
    return CostModel.select(schedule, target);
  }

  /**
   * By timing where the settings want it and there is a GPU, else by the cost model.
   *
   * @param constants what a library of the program reads: the folded ones are computed by it
   * @throws io.ait4j.fx.ModelException if this thread is interrupted
   */
  public static KernelSelection select(
      Schedule schedule,
      CudaTarget target,
      CompilerSettings settings,
      LibraryBuilder builder,
      Function<Path, List<Constant>> constants) {
    Optional<TimedGpu> gpu = timing(target, settings.profiling());
    if (gpu.isEmpty()) {
      return byCost(schedule, target);
    }
    TimeCache cache = new TimeCache(settings.cacheFolder("profile"), gpu.get().description());
    return new KernelSelector(
            target, gpu.get(), builder::key, cache, new GpuTimer(target, builder, constants))
        .select(schedule, settings.profiling().sizes(schedule));
  }

  /** The GPU that kernels would be timed on, in words; empty if none. */
  public static String gpu(Target target, Profiling profiling) {
    return target instanceof CudaTarget cuda
        ? timing(cuda, profiling).map(TimedGpu::toString).orElse("")
        : "";
  }

  private static Optional<TimedGpu> timing(CudaTarget target, Profiling profiling) {
    return profiling == Profiling.OFF ? Optional.empty() : TimedGpu.of(target);
  }
}
