package io.ait4j.lower;

import io.ait4j.compiler.CompiledPartition;
import io.ait4j.compiler.Constant;
import io.ait4j.compiler.build.BuildRecord;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Fallback;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.Manifest;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.lower.proto.Requirements;
import io.ait4j.lower.proto.Variant;
import io.ait4j.partition.Partition;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lays out and writes an {@code .aitm} file. */
final class AitmWriter {
  private static final String PRODUCER = "ait4j " + Version.NUMBER;
  private static final String STITCHED = "stitched.pb";

  private final List<LoweredModel> targets;
  private final ConstantPool constants = new ConstantPool();
  private final Map<String, byte[]> parts = new LinkedHashMap<>();

  /** Of one graph, lowered for each of these; at least one. */
  AitmWriter(List<LoweredModel> targets) {
    this.targets = targets;
  }

  void write(Path file) throws IOException {
    Manifest manifest = manifest();
    try (StoredZipWriter zip = new StoredZipWriter(file)) {
      zip.add(AitmFile.MANIFEST, manifest.toByteArray());
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        zip.add(part.getKey(), part.getValue());
      }
      for (ConstantPool.Entry constant : constants.entries()) {
        zip.add(constant.name(), constant.data());
      }
      zip.finish();
    }
  }

  private Manifest manifest() throws IOException {
    FxGraph graph = targets.getFirst().plan().graph();
    Manifest.Builder manifest =
        Manifest.newBuilder()
            .setFormatVersion(AitmFile.FORMAT_VERSION)
            .setProducer(PRODUCER)
            .setLowering(RecordedSettings.of(targets.getFirst().settings()));
    graph.outputs().forEach(AitmWriter::requireTensorOrNumber);
    for (String output : graph.outputNames()) {
      if (graph.weights().containsKey(output)) {
        manifest.addConstants(reference(output, graph.weights().get(output)));
      }
    }
    for (GraphSignature.State state : graph.signature().states()) {
      manifest.addConstants(reference(state.input(), state.initial()));
    }
    for (LoweredModel target : targets) {
      String folder =
          target == targets.getFirst()
              ? ""
              : target.report().target().replaceAll("[^A-Za-z0-9._+-]", "-") + "/";
      manifest.addVariants(variant(target, folder));
    }
    parts.put(AitmFile.GRAPH, GraphProto.toProto(graph).toByteArray());
    parts.forEach(
        (name, part) ->
            manifest.addContents(Fingerprint.of(MemorySegment.ofArray(part)).content(name)));
    constants
        .entries()
        .forEach(entry -> manifest.addContents(entry.fingerprint().content(entry.name())));
    return manifest.build();
  }

  private static void requireTensorOrNumber(Arg output) {
    switch (output) {
      case Arg.Value v -> {}
      case Arg.Int i -> {}
      case Arg.Float f -> {}
      case Arg.Bool b -> {}
      case Arg.SymInt s -> {}
      case Arg other ->
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "the model returns "
                  + other
                  + ", which is neither a tensor nor a number; return tensors only");
    }
  }

  /**
   * @param folder of its entries but for constants, which targets share; empty for the first
   */
  private Variant variant(LoweredModel target, String folder) throws IOException {
    Variant.Builder variant =
        Variant.newBuilder()
            .setTarget(target.report().target())
            .setPrecision(target.report().precision())
            .setReport(folder + AitmFile.REPORT)
            .setGraph(folder + STITCHED);
    Requirements.Builder requirements = Requirements.newBuilder();
    for (Partition partition : target.plan().partitions()) {
      PartitionEntry.Builder entry = PartitionEntry.newBuilder().setName(partition.name());
      partition.graph().inputs().forEach(input -> entry.addInputs(input.name()));
      entry.addAllOutputs(partition.graph().outputNames());
      switch (partition.kind()) {
        case AIT -> {
          CompiledPartition made = target.built(partition);
          entry.setLibrary(library(target, partition.name(), made, folder));
          require(requirements, made.build());
        }
        case FALLBACK -> entry.setFallback(fallback(partition, folder));
      }
      variant.addPartitions(entry);
    }
    parts.put(folder + STITCHED, GraphProto.toProto(StitchedGraph.of(target.plan())).toByteArray());
    parts.put(folder + AitmFile.REPORT, target.report().json().getBytes(StandardCharsets.UTF_8));
    return variant.setRequirements(requirements).build();
  }

  /** All libraries of a target come from one compiler; what they ask of GLIBC may differ. */
  private static void require(Requirements.Builder requirements, BuildRecord build) {
    requirements.setCompiler(build.compiler());
    requirements.clearInstructions().addAllInstructions(build.instructions());
    if (GlibcVersion.isNewer(build.glibc(), requirements.getGlibc())) {
      requirements.setGlibc(build.glibc());
    }
  }

  private Library library(LoweredModel target, String name, CompiledPartition made, String folder)
      throws IOException {
    String entry = folder + "lib/" + name + ".so";
    parts.put(entry, Files.readAllBytes(made.library()));
    Library.Builder library =
        Library.newBuilder()
            .setEntry(entry)
            .setBuild(made.build().key())
            .setBorderCopyBytes(made.report().borderCopyBytes());
    Map<String, Weight> weights = target.plan().graph().weights();
    made.constants()
        .forEach(constant -> library.addConstants(reference(constant, made, weights, false)));
    if (target.settings().constants() == LowerSettings.Constants.UPDATABLE) {
      made.raw()
          .forEach(constant -> library.addConstants(reference(constant, made, weights, true)));
    }
    return library.build();
  }

  private ConstantRef reference(
      Constant constant, CompiledPartition made, Map<String, Weight> weights, boolean raw) {
    String source = made.sources().getOrDefault(constant.name(), "");
    ConstantRef.Builder reference =
        ManifestTypes.constant(
                constant.name(),
                constant.dtype(),
                constant.shape(),
                NativeTensor.contiguousStrides(constant.shape()),
                constants.add(constant.data()))
            .setSource(source)
            .setRaw(raw);
    if (weights.containsKey(source)) {
      reference.setWeight(ManifestTypes.weight(weights.get(source)));
    }
    return reference.build();
  }

  private Fallback fallback(Partition partition, String folder) {
    FxGraph graph = partition.graph();
    String name = folder + "fallback/" + partition.name() + ".pb";
    parts.put(name, GraphProto.toProto(graph).toByteArray());
    Fallback.Builder fallback = Fallback.newBuilder().setEntry(name);
    graph.weights().forEach((value, weight) -> fallback.addWeights(reference(value, weight)));
    return fallback.build();
  }

  private ConstantRef reference(String value, Weight weight) {
    long[] sizes = weight.meta().sizes();
    long[] strides = weight.meta().strides(Map.of());
    long bytes = NativeTensor.reach(sizes, strides) * weight.meta().dtype().bytes();
    return ManifestTypes.constant(
            value,
            weight.meta().dtype(),
            sizes,
            strides,
            constants.add(weight.data().asSlice(0, bytes)))
        .setSource(value)
        .setWeight(ManifestTypes.weight(weight))
        .build();
  }
}
