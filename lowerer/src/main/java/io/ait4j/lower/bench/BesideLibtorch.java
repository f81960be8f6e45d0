package io.ait4j.lower.bench;

import io.ait4j.fallback.ScriptModule.Preparation;
import io.ait4j.fallback.TorchModule;
import io.ait4j.fx.Device;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.fx.reader.ModelFormat;
import io.ait4j.fx.reader.ModelReader;
import io.ait4j.lower.IoPrecision;
import io.ait4j.lower.LoadSettings;
import io.ait4j.lower.LoweredModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Median latencies of a converted model and of its source in libtorch, taken in turn on the same
 * inputs and number of threads, in milliseconds.
 *
 * @param how libtorch ran it: {@code torchscript}, its interpreter on the file as it was saved, or
 *     {@code operators}, one after the other from the imported graph
 * @param libtorchThreads that its operators could use, as libtorch said when it had run
 */
public record BesideLibtorch(
    double ait4jMillis, double libtorchMillis, String how, int libtorchThreads, int runs) {

  /**
   * Times both on the CPU.
   *
   * @param imports as for the conversion
   * @param io likewise
   * @param inputs as the converted model takes them
   * @param runs timed inferences of each
   * @throws ModelException as reading, loading and running do
   */
  public static BesideLibtorch measure(
      Path aitm,
      LoadSettings load,
      Path source,
      ImportSettings imports,
      IoPrecision io,
      List<NativeTensor> inputs,
      int runs) {
    boolean script =
        ModelFormat.of(source) == ModelFormat.TORCHSCRIPT
            && io.equals(IoPrecision.OF_MODEL)
            && imports.weights().isEmpty();
    LoweredModule module = LoweredModule.load(aitm, load);
    try (Contender ours = new AitContender(module, inputs)) {
      if (script) {
        try (Contender torch =
            new ScriptContender(
                "libtorch",
                source,
                inputs,
                module.writtenInputs(),
                load.threads(),
                Preparation.AS_SAVED,
                Device.CPU)) {
          return of(ours, torch, "torchscript", runs);
        }
      }
      try (ImportedModel model = ModelReader.read(source, imports);
          Contender torch = new GraphContender(io.of(model.graph()), inputs, load.threads())) {
        return of(ours, torch, "operators", runs);
      }
    }
  }

  private static BesideLibtorch of(Contender ours, Contender torch, String how, int runs) {
    Map<Contender, Timing> times = new RoundRobin(runs).measure(List.of(ours, torch));
    return new BesideLibtorch(
        times.get(ours).latencies().median(),
        times.get(torch).latencies().median(),
        how,
        TorchModule.threads(),
        runs);
  }
}
