package io.ait4j.lower;

import io.ait4j.compiler.AitCompiler;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.StoredConstants;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.Variant;
import io.ait4j.partition.PartitionPlan;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the library of a file, its constants inside: the form that AITemplate's clients load. */
public final class Exporter {
  private final AitmFile file;
  private final Variant variant;
  private final FxGraph graph;

  private Exporter(AitmFile file, Variant variant) {
    this.file = file;
    this.variant = variant;
    graph = new Recompilation(file).withoutWeights();
  }

  /**
   * What a library takes and gives.
   *
   * @param inputs in order, each as {@code name: type}
   * @param outputs likewise
   * @param unread inputs of the model that nothing reads and the library does not take
   */
  public record Exported(List<String> inputs, List<String> outputs, List<String> unread) {}

  /**
   * Exports {@code aitm}. The C++ compiler that made it is needed, though little is compiled: what
   * the cache folder has is linked with the constants.
   *
   * @param target which of the file's, as it spells it; empty if it has only one
   * @param settings the cache folder, and how many compilers may run at once
   * @param out appears whole or not at all
   * @throws ModelException (USAGE) if the model is more than one library can say, with the reason;
   *     (IMPORT) if the file is damaged; (COMPILE) if another compiler made it; (IO) if {@code out}
   *     cannot be written
   */
  public static Exported export(
      Path aitm, Optional<String> target, LowerSettings settings, Path out) {
    try (Arena arena = Arena.ofShared()) {
      AitmFile file = AitmFile.map(aitm, arena);
      return new Exporter(file, choose(file, target)).export(settings, out);
    }
  }

  private static Variant choose(AitmFile file, Optional<String> target) {
    List<Variant> all = file.manifest().getVariantsList();
    List<Variant> fitting =
        all.stream().filter(v -> target.map(v.getTarget()::equals).orElse(true)).toList();
    if (fitting.size() != 1) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "%s is compiled for %s; say which by --target"
              .formatted(
                  file.path(), String.join(", ", all.stream().map(Variant::getTarget).toList())));
    }
    return fitting.getFirst();
  }

  private Exported export(LowerSettings given, Path out) {
    requireOneLibrary();
    Library library = variant.getPartitions(0).getLibrary();
    LowerSettings settings = new Recompilation(file).settings(variant, given);
    PartitionPlan plan = AitLowerer.plan(graph, new AitPartitionBuilder(settings), settings);
    FxGraph compiled = plan.partitions().getFirst().graph();
    List<String> inputs = compiled.inputs().stream().map(FxValue::name).toList();
    List<ModuleInterface.Output> outputs = ModuleInterface.of(graph).outputs();
    new AitCompiler(AitPartitionBuilder.settings(settings))
        .export(
            compiled,
            library.getBuild(),
            file.consistent(() -> constants(library)),
            inputs,
            outputs.stream().map(ModuleInterface.Output::name).toList(),
            out);
    return new Exported(
        compiled.inputs().stream().map(v -> v.name() + ": " + v.meta()).toList(),
        outputs.stream().map(o -> o.name() + ": " + o.type()).toList(),
        graph.inputs().stream().map(FxValue::name).filter(n -> !inputs.contains(n)).toList());
  }

  private void requireOneLibrary() {
    GraphSignature signature = graph.signature();
    if (variant.getPartitionsCount() != 1 || !variant.getPartitions(0).hasLibrary()) {
      throw refused(
          "it has %d partitions of which %d run on libtorch; 'inspect' says why, and 'convert"
                  .formatted(
                      variant.getPartitionsCount(),
                      variant.getPartitionsList().stream().filter(p -> p.hasFallback()).count())
              + " --require-full' insists on one");
    }
    if (!signature.states().isEmpty()) {
      throw refused(
          "it has state, which a library does not keep; convert it with --state external");
    }
    if (!signature.inputMutations().isEmpty()) {
      throw refused(
          "it writes to its input %s, and a library only returns what is to be written"
              .formatted(signature.inputMutations().getFirst().input()));
    }
    if (!signature.guards().isEmpty()) {
      throw refused(
          "it holds only where %s, which a library does not check"
              .formatted(signature.guards().getFirst()));
    }
    List<Arg> returned = new ArrayList<>();
    variant.getPartitions(0).getOutputsList().forEach(name -> returned.add(new Arg.Value(name)));
    if (!returned.equals(graph.outputs())) {
      throw refused(
          "it returns an input, a weight or a number, or a tensor twice, which is done outside of the"
              + " library");
    }
  }

  private ModelException refused(String why) {
    return new ModelException(
        ModelException.Kind.USAGE, file.path() + " cannot be one library: " + why);
  }

  private StoredConstants constants(Library library) {
    Map<String, String> names = new HashMap<>();
    graph.weights().forEach((value, weight) -> names.put(value, weight.name()));
    List<Constant> constants = new ArrayList<>();
    Map<String, Long> positions = new HashMap<>();
    Map<String, String> sources = new HashMap<>();
    for (ConstantRef ref : library.getConstantsList()) {
      file.whole(ref.getEntry());
      constants.add(ManifestTypes.constant(ref, file));
      positions.put(ref.getName(), file.entry(ref.getEntry()).position());
      if (names.containsKey(ref.getSource())) {
        sources.put(ref.getName(), names.get(ref.getSource()));
      }
    }
    return new StoredConstants(file.path(), constants, positions, sources);
  }
}
