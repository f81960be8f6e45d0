package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.TensorMeta;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.PartitionEntry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads the parts of an {@code .aitm} file. */
final class ModuleLoader {
  private final AitmFile file;
  private final LoadSettings settings;
  private final LoweringReport report;
  private final FxGraph graph;
  private final Map<String, FxValue> values;

  ModuleLoader(AitmFile file, LoadSettings settings) {
    this.file = file;
    this.settings = settings;
    this.report = file.report();
    Map<String, MemorySegment> constants = new HashMap<>();
    for (ConstantRef constant : file.manifest().getConstantsList()) {
      constants.put(constant.getName(), file.entry(constant.getEntry()));
    }
    this.graph = file.graph(AitmFile.GRAPH, constants::get);
    this.values = graph.values();
  }

  ModuleParts load() {
    ModuleInterface face = ModuleInterface.of(graph);
    List<LoadedPartition> steps = new ArrayList<>();
    try {
      List<List<String>> lastUses = lastUses();
      for (PartitionEntry entry : file.manifest().getPartitionsList()) {
        steps.add(new LoadedPartition(entry.getName(), step(entry), lastUses.get(steps.size())));
      }
      return new ModuleParts(face, steps, report);
    } catch (Throwable e) {
      steps.forEach(LoadedPartition::close);
      throw e;
    }
  }

  /** For each partition, the values that nothing reads after it; those that are returned stay. */
  private List<List<String>> lastUses() {
    Set<String> alive = new HashSet<>(graph.outputNames());
    List<List<String>> lastUses = new ArrayList<>();
    for (PartitionEntry entry : file.manifest().getPartitionsList().reversed()) {
      List<String> last = new ArrayList<>();
      for (String name : entry.getOutputsList()) {
        if (alive.add(name)) {
          last.add(name);
        }
      }
      for (String name : entry.getInputsList()) {
        if (alive.add(name)) {
          last.add(name);
        }
      }
      lastUses.addFirst(last);
    }
    return lastUses;
  }

  private Step step(PartitionEntry entry) {
    return switch (entry.getKindCase()) {
      case COMPILED -> compiled(entry);
      case FALLBACK -> fallback(entry);
      case KIND_NOT_SET ->
          throw file.corrupt("partition " + entry.getName() + " is of no kind", null);
    };
  }

  private Step compiled(PartitionEntry entry) {
    if (entry.getCompiled().getLibrariesCount() == 0) {
      throw file.corrupt("partition " + entry.getName() + " has no library", null);
    }
    // Each library refuses a processor that lacks its instructions.
    Library library = entry.getCompiled().getLibraries(0);
    MemorySegment code = file.entry(library.getEntry());
    if (!Hash.of(code).equals(library.getSha256())) {
      throw file.corrupt("entry '" + library.getEntry() + "' is damaged", null);
    }
    Path unpacked = new CacheFolder(settings.cacheDir()).unpack(code, library.getSha256());
    List<Constant> constants =
        library.getConstantsList().stream()
            .map(
                c ->
                    new Constant(
                        c.getName(),
                        ManifestTypes.dtype(c.getDtype()),
                        ManifestTypes.longs(c.getSizesList()),
                        file.entry(c.getEntry())))
            .toList();
    Map<String, TensorMeta> outputs = new LinkedHashMap<>();
    for (String name : entry.getOutputsList()) {
      outputs.put(name, values.get(name).tensor());
    }
    AitModule module = AitModule.load(unpacked, constants);
    if (settings.threads() > 0) {
      module.setThreads(settings.threads());
    }
    return new AitStep(
        module, List.copyOf(entry.getInputsList()), outputs, copiedByKernels(entry.getName()));
  }

  private long copiedByKernels(String partition) {
    return report.partitions().stream()
        .filter(row -> row.name().equals(partition))
        .mapToLong(LoweringReport.PartitionRow::borderCopyBytes)
        .sum();
  }

  private Step fallback(PartitionEntry entry) {
    Map<String, MemorySegment> weights = new HashMap<>();
    for (ConstantRef weight : entry.getFallback().getWeightsList()) {
      weights.put(weight.getName(), file.entry(weight.getEntry()));
    }
    if (settings.threads() > 0) {
      TorchStep.setThreads(settings.threads());
    }
    return new TorchStep(
        file.graph(entry.getFallback().getEntry(), weights::get),
        List.copyOf(entry.getInputsList()),
        List.copyOf(entry.getOutputsList()),
        types(entry.getOutputsList()),
        List.copyOf(weights.values()));
  }

  private Map<String, TensorMeta> types(List<String> names) {
    Map<String, TensorMeta> types = new HashMap<>();
    for (String name : names) {
      if (values.get(name).meta() instanceof TensorMeta type) {
        types.put(name, type);
      }
    }
    return types;
  }
}
