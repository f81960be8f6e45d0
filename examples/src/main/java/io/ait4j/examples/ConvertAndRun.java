package io.ait4j.examples;

import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.reader.ImportSettings;
import io.ait4j.lower.LowerSettings;
import io.ait4j.lower.LoweredModule;
import io.ait4j.lower.LoweringReport;
import io.ait4j.lower.ModelConversion;
import io.ait4j.lower.verify.Comparison;
import io.ait4j.lower.verify.SampleFile;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * Converts a TorchScript model, runs it from Java and compares with what PyTorch computed.
 *
 * <p>{@code ConvertAndRun MODEL.pt IO.safetensors OUT.aitm}; {@code export_model.py} writes the
 * first two. In production the last lines suffice: {@code OUT.aitm} is all that they need.
 */
public final class ConvertAndRun {
  private ConvertAndRun() {}

  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("usage: ConvertAndRun MODEL.pt IO.safetensors OUT.aitm");
      System.exit(2);
    }
    try {
      run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), System.out);
    } catch (ModelException e) {
      System.err.println("ConvertAndRun: " + e.getMessage());
      System.exit(1);
    }
  }

  static void run(Path model, Path samples, Path aitm, PrintStream out) {
    // The sample's tensors are views of the mapped file; they also say the model's input types.
    try (SampleFile sample = SampleFile.open(samples)) {
      List<NativeTensor> recorded = sample.outputs();
      LoweringReport report =
          ModelConversion.convert(
              model,
              ImportSettings.of(sample.inputSpecs()),
              LowerSettings.DEFAULT,
              aitm,
              System.err::println);
      out.print(report);

      // Load once, run often, from any number of threads. The outputs live as long as the arena.
      try (LoweredModule module = LoweredModule.load(aitm);
          Arena arena = Arena.ofConfined()) {
        List<NativeTensor> outputs = module.run(sample.inputs(), arena);
        for (int i = 0; i < outputs.size(); i++) {
          out.printf("output%d %s%n", i, outputs.get(i));
          if (i < recorded.size()) {
            out.println("  " + agreement(outputs.get(i), recorded.get(i)));
          }
        }
      }
    }
  }

  private static String agreement(NativeTensor output, NativeTensor recorded) {
    Comparison comparison =
        Comparison.of(output, recorded, Comparison.defaultTolerance(recorded.dtype()));
    return comparison
        .complaint()
        .orElse("agrees with PyTorch, relative error %.1e".formatted(comparison.relL2Error()));
  }
}
