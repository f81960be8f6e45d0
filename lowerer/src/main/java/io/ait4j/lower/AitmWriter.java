package io.ait4j.lower;

import io.ait4j.compiler.Constant;
import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.GraphProto;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.Weight;
import io.ait4j.lower.proto.Compiled;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.Fallback;
import io.ait4j.lower.proto.Library;
import io.ait4j.lower.proto.Manifest;
import io.ait4j.lower.proto.PartitionEntry;
import io.ait4j.lower.proto.Result;
import io.ait4j.partition.Partition;
import io.ait4j.partition.PartitionPlan;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
  private final Arena numbers = Arena.ofAuto();

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
    graph.inputs().forEach(input -> manifest.addInputs(ManifestTypes.border(input)));
    graph.outputs().forEach(output -> manifest.addOutputs(result(output)));
    Map<String, FxValue> values = graph.values();
    for (Partition partition : plan.partitions()) {
      PartitionEntry entry = partition(partition);
      manifest.addPartitions(entry);
      entry
          .getOutputsList()
          .forEach(name -> manifest.addBorders(ManifestTypes.border(values.get(name))));
    }
    return manifest.build();
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
    long[] strides = weight.meta().strides().stream().mapToLong(stride -> stride.value()).toArray();
    long bytes = NativeTensor.reach(sizes, strides) * weight.meta().dtype().bytes();
    return new NativeTensor(weight.meta().dtype(), sizes, strides, weight.data().asSlice(0, bytes));
  }

  private Result result(Arg output) {
    Result.Builder result = Result.newBuilder();
    return switch (output) {
      case Arg.Value(String name) when plan.graph().weights().containsKey(name) ->
          result.setConstant(reference(name, plan.graph().weights().get(name))).build();
      case Arg.Value(String name) -> result.setBorder(name).build();
      case Arg.Int(long i) ->
          number(result, DType.INT64, numbers.allocateFrom(ValueLayout.JAVA_LONG, i));
      case Arg.Float(double f) ->
          number(result, DType.FLOAT64, numbers.allocateFrom(ValueLayout.JAVA_DOUBLE, f));
      case Arg.Bool(boolean b) ->
          number(
              result, DType.BOOL, numbers.allocateFrom(ValueLayout.JAVA_BYTE, (byte) (b ? 1 : 0)));
      case Arg other ->
          throw new ModelException(
              ModelException.Kind.IMPORT,
              "the model returns "
                  + other
                  + ", which is neither a tensor nor a number; return tensors only");
    };
  }

  private Result number(Result.Builder result, DType dtype, MemorySegment data) {
    return result
        .setConstant(
            ManifestTypes.constant("", dtype, new long[0], new long[0], constants.add(data)))
        .build();
  }
}
