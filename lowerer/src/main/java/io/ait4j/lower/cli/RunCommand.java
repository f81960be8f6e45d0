package io.ait4j.lower.cli;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Safetensors;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ait4j run MODEL.aitm}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a converted model once.")
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL.aitm", description = "A file that 'convert' wrote.")
  private Path model;

  @Option(
      names = "--inputs",
      required = true,
      paramLabel = "IO.safetensors",
      description = "Tensors under the inputs' names, or input0, input1, ...")
  private Path inputs;

  @Option(
      names = "--outputs",
      required = true,
      paramLabel = "OUT.safetensors",
      description =
          "The file to write, with the outputs under the model's names for them, or output0,"
              + " output1, ...; it appears whole or not at all.")
  private Path outputs;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where libraries are unpacked to. Default: ait4j in the user's cache folder.")
  private Path cacheDir;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most threads to run on. Default: one for each processor.")
  private int threads;

  @Override
  public Integer call() {
    if (threads < 0) {
      throw new ModelException(ModelException.Kind.USAGE, "--threads takes a number from 0 on");
    }
    LoadSettings settings =
        new LoadSettings(cacheDir == null ? LoadSettings.DEFAULT.cacheDir() : cacheDir, threads);
    try (Progress progress = Progress.start();
        Arena arena = Arena.ofShared()) {
      progress.accept("loading " + model);
      try (LoweredModule module = LoweredModule.load(model, settings)) {
        List<NativeTensor> given = InputTensors.read(inputs, module.inputs(), arena);
        progress.accept("running");
        List<NativeTensor> results = module.run(module.writable(given, arena), arena);
        Map<String, NativeTensor> named = new LinkedHashMap<>();
        for (int i = 0; i < results.size(); i++) {
          named.put(module.outputNames().get(i), results.get(i));
        }
        Safetensors.write(outputs, named, Map.of());
      }
    }
    return ExitCode.OK.code();
  }
}
