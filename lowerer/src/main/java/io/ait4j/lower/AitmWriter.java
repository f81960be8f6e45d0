package io.ait4j.lower;

import io.ait4j.compiler.Constant;
import io.ait4j.fx.Arg;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.GraphSignature;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import io.ait4j.lower.proto.Compiled;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Fallback;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.Manifest;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lays out and writes an {@code .aitm} file. */
final class AitmWriter {
  private static final String PRODUCER = "ait4j 0.1.0";

  private final PartitionPlan plan;
  private final Map<Partition, PartitionBuilder.Built> built;
  private final LoweringReport report;
  private final ConstantPool constants = new ConstantPool();
  private final Map<String, byte[]> parts = new LinkedHashMap<>();

  AitmWriter(
      PartitionPlan plan, Map<Partition, PartitionBuilder.Built> built, LoweringReport report) {
    this.plan = plan;
    this.built = built;
    this.report = report;
  }

  void write(Path file) throws IOException {
    Manifest manifest = manifest();
    parts.put(AitmFile.GRAPH, GraphProto.toProto(plan.graph()).toByteArray());
    parts.put(AitmFile.REPORT, report.json().getBytes(StandardCharsets.UTF_8));
    try (StoredZipWriter zip = new StoredZipWriter(file)) {
      zip.add(AitmFile.MANIFEST, manifest.toByteArray());
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        zip.add(part.getKey(), part.getValue());
      }
      for (Map.Entry<String, MemorySegment> constant : constants.entries().entrySet()) {
        zip.add(constant.getKey(), constant.getValue());
      }
      zip.finish();
    }
  }

  private Manifest manifest() throws IOException {
    Manifest.Builder manifest =
        Manifest.newBuilder().setFormatVersion(AitmFile.FORMAT_VERSION).setProducer(PRODUCER);
    FxGraph graph = plan.graph();
    for (Arg output : graph.outputs()) {
      requireTensorOrNumber(output);
    }
    for (String output : graph.outputNames()) {
      if (graph.weights().containsKey(output)) {
        manifest.addConstants(reference(output, graph.weights().get(output)));
      }
    }
    for (GraphSignature.State state : graph.signature().states()) {
      manifest.addConstants(reference(state.input(), state.initial()));
    }
    for (Partition partition : plan.partitions()) {
      manifest.addPartitions(partition(partition));
    }
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

  private PartitionEntry partition(Partition partition) throws IOException {
    PartitionEntry.Builder entry = PartitionEntry.newBuilder().setName(partition.name());
    partition.graph().inputs().forEach(input -> entry.addInputs(input.name()));
    entry.addAllOutputs(partition.graph().outputNames());
    return switch (partition.kind()) {
      case AIT -> entry.setCompiled(compiled(partition)).build();
      case FALLBACK -> entry.setFallback(fallback(partition)).build();
    };
  }

  private Compiled compiled(Partition partition) throws IOException {
    PartitionBuilder.Built made = built.get(partition);
    byte[] code = Files.readAllBytes(made.library());
    String name = "lib/" + partition.name() + ".so";
    parts.put(name, code);
    Library.Builder library =
        Library.newBuilder()
            .setTarget(report.target())
            .setEntry(name)
            .setSha256(Hash.of(MemorySegment.ofArray(code)));
    for (Constant constant : made.constants()) {
      library.addConstants(
          ManifestTypes.constant(
              constant.name(),
              constant.dtype(),
              constant.shape(),
              NativeTensor.contiguousStrides(constant.shape()),
              constants.add(constant.data())));
    }
    return Compiled.newBuilder().addLibraries(library).build();
  }

  private Fallback fallback(Partition partition) {
    FxGraph graph = partition.graph();
    String name = "fallback/" + partition.name() + ".pb";
    parts.put(name, GraphProto.toProto(graph).toByteArray());
    Fallback.Builder fallback = Fallback.newBuilder().setEntry(name);
    graph.weights().forEach((value, weight) -> fallback.addWeights(reference(value, weight)));
    return fallback.build();
  }

  private ConstantRef reference(String value, Weight weight) {
    NativeTensor tensor = tensor(weight);
    return ManifestTypes.constant(
        value, tensor.dtype(), tensor.sizes(), tensor.strides(), constants.add(tensor.data()));
  }

  private static NativeTensor tensor(Weight weight) {
    long[] sizes = weight.meta().sizes();
    long[] strides = weight.meta().strides(Map.of());
    long bytes = NativeTensor.reach(sizes, strides) * weight.meta().dtype().bytes();
    return new NativeTensor(weight.meta().dtype(), sizes, strides, weight.data().asSlice(0, bytes));
  }
}
