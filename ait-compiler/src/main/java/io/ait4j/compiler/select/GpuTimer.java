package io.ait4j.compiler.select;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.KernelProfile;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import io.ait4j.compiler.codegen.cuda.CudaKernels;
import io.ait4j.compiler.codegen.cuda.CudaModelPrinter;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.fx.cuda.CudaStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Times kernels on this machine's first GPU: a library of the whole program in which each kernel
 * that is tried runs in all its variants, on what the kernels before it have computed from random
 * inputs and the actual weights.
 */
final class GpuTimer implements KernelTimer {
  /** An idle GPU takes its time to reach full speed. */
  private static final Duration WARM_UP = Duration.ofMillis(100);

  private static final int RUNS = 9;

  /** Of the process: what runs beside a kernel that is timed slows it down. */
  private static final Object ALONE = new Object();

  private final CudaTarget target;
  private final LibraryBuilder builder;
  private final Function<Path, List<Constant>> constants;

  /**
   * @param constants what a library of the program reads
   */
  GpuTimer(CudaTarget target, LibraryBuilder builder, Function<Path, List<Constant>> constants) {
    this.target = target;
    this.builder = builder;
    this.constants = constants;
  }

  @Override
  public List<Double> micros(Schedule schedule, List<Trial> trials, Map<String, Long> sizes) {
    Map<String, CudaKernelText> texts = new LinkedHashMap<>(CudaKernels.print(schedule, target));
    for (int i = 0; i < trials.size(); i++) {
      texts.put(name(i), trials.get(i).text());
    }
    Schedule tried = withTrials(schedule, trials);
    texts.keySet().retainAll(tried.run());
    Path library = builder.build(CudaModelPrinter.print(tried, texts));
    try (AitModule module = AitModule.load(library, constants.apply(library));
        Arena arena = Arena.ofShared()) {
      synchronized (ALONE) {
        return run(module, schedule.program(), sizes, trials.size(), arena);
      }
    }
  }

  private static String name(int trial) {
    return "trial" + trial;
  }

  /** The program in which all variants of a kernel run in its place, one after another. */
  static Schedule withTrials(Schedule schedule, List<Trial> trials) {
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    schedule.program().kernels().forEach(kernel -> kernels.put(kernel.name(), kernel));
    Map<String, List<Kernel>> variants = new HashMap<>();
    for (int i = 0; i < trials.size(); i++) {
      TemplateKernel kernel = (TemplateKernel) kernels.get(trials.get(i).kernel());
      variants
          .computeIfAbsent(kernel.name(), name -> new ArrayList<>())
          .add(
              new TemplateKernel(
                  name(i),
                  kernel.template(),
                  kernel.operands(),
                  kernel.packed(),
                  kernel.epilogue(),
                  kernel.origins()));
    }
    List<Kernel> all = new ArrayList<>();
    for (Kernel kernel : kernels.values()) {
      all.addAll(variants.getOrDefault(kernel.name(), List.of(kernel)));
    }
    List<String> run = new ArrayList<>();
    List<Set<String>> lives = new ArrayList<>();
    for (int i = 0; i < schedule.run().size(); i++) {
      String name = schedule.run().get(i);
      Set<String> alive = schedule.lives().get(i);
      for (Kernel kernel : variants.getOrDefault(name, List.of(kernels.get(name)))) {
        run.add(kernel.name());
        lives.add(alive);
      }
    }
    return new Schedule(
        schedule.program().withKernels(all),
        schedule.fold(),
        run,
        schedule.foldArena(),
        schedule.runArena(),
        lives);
  }

  private static List<Double> run(
      AitModule module, Program program, Map<String, Long> sizes, int trials, Arena arena) {
    CudaDevice device = CudaDevice.of(module.device().index());
    try (CudaStream stream = device.stream();
        Arena onDevice = Arena.ofShared()) {
      RandomTensors random = new RandomTensors(sizes, stream, onDevice);
      List<NativeTensor> inputs =
          program.inputs().stream().map(name -> random.of(program.buffer(name))).toList();
      List<NativeTensor> outputs =
          program.outputs().stream().map(name -> random.undefined(program.buffer(name))).toList();
      stream.synchronize();
      module.setColdProfiles(true);
      long begin = System.nanoTime();
      do {
        module.profile(inputs, outputs, sizes);
      } while (System.nanoTime() - begin < WARM_UP.toNanos());
      Map<String, List<Long>> nanos = new HashMap<>();
      for (int i = 0; i < RUNS; i++) {
        for (KernelProfile kernel : module.profile(inputs, outputs, sizes)) {
          nanos.computeIfAbsent(kernel.name(), name -> new ArrayList<>()).add(kernel.nanos());
        }
      }
      List<Double> medians = new ArrayList<>();
      for (int i = 0; i < trials; i++) {
        List<Long> times = nanos.get(name(i)).stream().sorted().toList();
        medians.add(times.get(times.size() / 2) / 1e3);
      }
      return medians;
    }
  }
}
