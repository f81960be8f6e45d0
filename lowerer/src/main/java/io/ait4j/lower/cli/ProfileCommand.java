package io.ait4j.lower.cli;

import io.ait4j.compiler.CompilerSettings;
import io.ait4j.compiler.MachineLimits;
import io.ait4j.compiler.Precision;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.cuda.CudaDevice;
import io.ait4j.lower.KernelTime;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ait4j profile MODEL.aitm}. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = {
      "Times every kernel of a converted model.",
      "A kernel's limit is what this machine needs at least for its arithmetic (flops: slots of"
          + " multiply-adds, two each) or for what it must read and write (bytes), whichever is"
          + " more; 'of limit' is how near the kernel comes to it. For a GPU they are NVIDIA's"
          + " figures, and what lies in its cache may come for less."
    })
final class ProfileCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL.aitm", description = "A file that 'convert' wrote.")
  private Path model;

  @Option(
      names = "--inputs",
      required = true,
      paramLabel = "IO.safetensors",
      description = "Tensors under the inputs' names, or input0, input1, ...")
  private Path inputs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Most threads to run on, 0 for one on each processor. Default: 1.")
  private int threads;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "20",
      description = "Timed runs, of which the median counts. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    if (threads < 0 || runs < 1) {
      throw new ModelException(
          ModelException.Kind.USAGE, "--threads takes a number from 0 on, --runs from 1 on");
    }
    LoadSettings settings = new LoadSettings(LoadSettings.DEFAULT.cacheDir(), threads);
    List<List<KernelTime>> profiles = new ArrayList<>();
    MachineLimits limits;
    try (Progress progress = Progress.start();
        Arena arena = Arena.ofShared()) {
      progress.accept("loading " + model);
      try (LoweredModule module = LoweredModule.load(model, settings)) {
        progress.accept("measuring this machine");
        limits = limits(module);
        List<NativeTensor> given =
            module.writable(InputTensors.read(inputs, module.inputs(), arena), arena);
        module.profile(given); // warms caches up
        progress.accept("running");
        for (int i = 0; i < runs; i++) {
          profiles.add(module.profile(given));
        }
      }
    }
    spec.commandLine().getOut().print(ProfileTable.text(profiles, limits));
    return ExitCode.OK.code();
  }

  private MachineLimits limits(LoweredModule module) {
    return module.device().isCpu()
        ? MachineLimits.measure(CompilerSettings.defaults(), threads)
        : MachineLimits.of(
            CudaDevice.of(module.device().index()),
            Precision.named(module.report().precision()).orElse(Precision.FP32));
  }
}
