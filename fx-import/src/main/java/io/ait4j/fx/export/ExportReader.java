package io.ait4j.fx.export;

import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ImportedModel;
import io.ait4j.fx.InputSpec;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.Weight;
import io.ait4j.fx.archive.WeightCheck;
import io.ait4j.fx.archive.ZipArchive;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads models saved by {@code torch.export.save}. */
public final class ExportReader {
  private ExportReader() {}

  /**
   * Reads a model. It needs no libtorch, and the weights stay in the mapped file.
   *
   * @param file a {@code .pt2} archive of PyTorch 2.5 or later
   * @param inputs usually none, as the file describes them; one that is given, by name or place,
   *     narrows its input's dynamic dimensions, names them, or makes them constant
   * @throws ModelException IMPORT if the file is no such archive, damaged, or holds what is not
   *     supported (naming it and its place in the source); USAGE if {@code inputs} contradict it
   */
  public static ImportedModel read(Path file, List<InputSpec> inputs) {
    return read(file, inputs, TypeObserver.NONE);
  }

  /** The same, with an observer of the values' types. */
  static ImportedModel read(Path file, List<InputSpec> inputs, TypeObserver observer) {
    ZipArchive zip = ZipArchive.open(file);
    boolean done = false;
    try {
      ProgramArchive archive = ProgramArchive.of(zip);
      ExportedProgram program = ProgramParser.parse(archive.programName(), archive.program());
      Map<String, Weight> weights = new HashMap<>();
      for (ProgramInput input : program.inputs()) {
        if (input instanceof ProgramInput.Stored(String name, String path, Weight.Kind kind)) {
          Weight weight = archive.weight(path);
          weights.put(path, new Weight(path, weight.meta(), weight.data(), kind));
        }
      }
      try (WeightCheck check = WeightCheck.start(zip, archive.entries())) {
        FxGraph graph = new ProgramImporter(program, weights, inputs, observer).graph();
        check.await();
        done = true;
        return new ImportedModel(graph, zip);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          "the program in " + file + " makes no sense: " + e.getMessage(),
          e);
    } finally {
      if (!done) {
        zip.close();
      }
    }
  }
}
