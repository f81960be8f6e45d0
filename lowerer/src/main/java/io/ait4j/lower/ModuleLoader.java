package io.ait4j.lower;

import io.ait4j.compiler.AitModule;
import io.ait4j.compiler.Constant;
import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.cuda.CudaStream;
import io.ait4j.fx.cuda.DeviceTensors;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.lower.proto.Variant;
import java.lang.foreign.Arena;
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
  private final Arena arena;
  private final Variant variant;
  private final FxGraph graph;
  private final Map<String, FxValue> values;
  private final Gpu gpu;
  private final ModuleWeights weights = new ModuleWeights();

  /**
   * @param arena that of the file
   */
  ModuleLoader(AitmFile file, Machine.Choice choice, LoadSettings settings, Arena arena) {
    this.file = file;
    this.arena = arena;
    this.settings = settings;
    this.variant = choice.variant();
    Map<String, MemorySegment> constants = new HashMap<>();
    for (ConstantRef constant : file.manifest().getConstantsList()) {
      constants.put(constant.getName(), file.entry(constant.getEntry()).data());
    }
    this.graph = file.graph(variant.getGraph(), constants::get);
    this.values = graph.values();
    this.gpu = choice.gpu() == null ? null : new Gpu(choice.gpu());
  }

  ModuleParts load() {
    ModuleInterface face = placed(ModuleInterface.of(graph));
    List<LoadedPartition> steps = new ArrayList<>();
    try {
      List<List<String>> lastUses = lastUses();
      for (PartitionEntry entry : variant.getPartitionsList()) {
        steps.add(new LoadedPartition(entry.getName(), step(entry), lastUses.get(steps.size())));
      }
      for (ConstantRef constant : file.manifest().getConstantsList()) {
        fix("the module itself returns it, or begins with it", constant);
      }
      return new ModuleParts(face, steps, weights, new ReportEntry(file, variant.getReport()), gpu);
    } catch (Throwable e) {
      steps.forEach(LoadedPartition::close);
      throw e;
    }
  }

  /** The first values of the state go to the GPU once, not once in each session. */
  private ModuleInterface placed(ModuleInterface face) {
    if (gpu == null || face.states().isEmpty()) {
      return face;
    }
    try (CudaStream stream = gpu.device().stream()) {
      return face.withStates(
          face.states().stream()
              .map(state -> state.withInitial(toDevice(state.initial(), stream)))
              .toList());
    }
  }

  private NativeTensor toDevice(NativeTensor value, CudaStream stream) {
    return DeviceTensors.toDevice(value, stream, arena);
  }

  /** For each partition, the values that nothing reads after it; those that are returned stay. */
  private List<List<String>> lastUses() {
    Set<String> alive = new HashSet<>(graph.outputNames());
    List<List<String>> lastUses = new ArrayList<>();
    for (PartitionEntry entry : variant.getPartitionsList().reversed()) {
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
      case LIBRARY -> compiled(entry);
      case FALLBACK -> fallback(entry);
      case KIND_NOT_SET ->
          throw file.corrupt("partition " + entry.getName() + " is of no kind", null);
    };
  }

  private Step compiled(PartitionEntry entry) {
    Library library = entry.getLibrary();
    AitmFile.Entry code = file.entry(library.getEntry());
    if (!code.isWhole()) {
      throw file.corrupt("entry '" + library.getEntry() + "' is damaged", null);
    }
    Path unpacked = new CacheFolder(settings.cacheDir()).unpack(code);
    List<Constant> constants =
        library.getConstantsList().stream().map(ref -> ManifestTypes.constant(ref, file)).toList();
    Map<String, TensorMeta> outputs = new LinkedHashMap<>();
    for (String name : entry.getOutputsList()) {
      outputs.put(name, values.get(name).tensor());
    }
    AitModule module = AitModule.load(unpacked, constants, settings.gpu());
    try {
      weights.add(module);
      for (int i = 0; i < constants.size(); i++) {
        ConstantRef ref = library.getConstants(i);
        if (ref.hasWeight()) {
          weights.readBy(module, constants.get(i), ref.getWeight().getName(), type(ref));
        }
      }
      if (settings.threads() > 0) {
        module.setThreads(settings.threads());
      }
      return new AitStep(
          module, List.copyOf(entry.getInputsList()), outputs, library.getBorderCopyBytes());
    } catch (Throwable e) {
      module.close(); // no step closes it yet
      throw e;
    }
  }

  private void fix(String why, ConstantRef ref) {
    weights.fixedBy(why, ref.getWeight().getName(), type(ref));
  }

  private static TensorMeta type(ConstantRef ref) {
    return new TensorMeta(
        ManifestTypes.dtype(ref.getDtype()),
        Dim.ofAll(ManifestTypes.longs(ref.getWeight().getSizesList())),
        Dim.ofAll(ManifestTypes.longs(ref.getWeight().getStridesList())));
  }

  private Step fallback(PartitionEntry entry) {
    Map<String, MemorySegment> data = new HashMap<>();
    for (ConstantRef weight : entry.getFallback().getWeightsList()) {
      data.put(weight.getName(), file.entry(weight.getEntry()).data());
      fix("partition " + entry.getName() + " reads it, which runs on libtorch", weight);
    }
    if (settings.threads() > 0) {
      TorchStep.setThreads(settings.threads());
    }
    return new TorchStep(
        file.graph(entry.getFallback().getEntry(), data::get),
        gpu == null ? Device.CPU : gpu.device().device(),
        List.copyOf(entry.getInputsList()),
        List.copyOf(entry.getOutputsList()),
        types(entry.getOutputsList()));
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
