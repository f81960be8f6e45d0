package io.ait4j.lower;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ait4j.compiler.KernelProfile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a graph was split and why; {@code report.json} of an {@code .aitm} file. Its JSON names are
 * in snake case.
 *
 * @param target what it was compiled for
 * @param precision in which floating-point work is done
 * @param nodesTotal nodes of the graph
 * @param nodesAit those that are compiled
 * @param flopsAitShare share of the floating-point operations that is compiled, by estimate
 * @param partitions in the order in which they run
 * @param fallbackOps what runs on libtorch, by operator
 * @param inputs of the graph, each as {@code name: type}
 * @param outputs of the graph, each by the node that yields it, or by the input that it is
 * @param nodes every node's fate, in graph order
 * @param demotions what was left to libtorch because its build failed, and how
 */
public record LoweringReport(
    @JsonProperty("target") String target,
    @JsonProperty("precision") String precision,
    @JsonProperty("nodes_total") int nodesTotal,
    @JsonProperty("nodes_ait") int nodesAit,
    @JsonProperty("flops_ait_share") double flopsAitShare,
    @JsonProperty("partitions") List<PartitionRow> partitions,
    @JsonProperty("fallback_ops") Map<String, FallbackOp> fallbackOps,
    @JsonProperty("inputs") List<String> inputs,
    @JsonProperty("outputs") List<String> outputs,
    @JsonProperty("nodes") List<NodeRow> nodes,
    @JsonProperty("demotions") List<String> demotions) {
  public LoweringReport {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
  }

  /**
   * A partition.
   *
   * @param kind {@code ait} or {@code fallback}
   * @param inputs each as {@code name: type}
   * @param outputs likewise
   * @param kernelsBeforeFusion how many kernels the nodes are before any is fused
   * @param kernels what the library launches, in order; none on libtorch
   * @param arenaBytes memory that one run of the library takes for intermediates
   * @param sumBytes what they would take if none shared memory with another
   * @param sumBytesByType likewise, by the name of their type: what the settings' precision came to
   * @param liveBytes the most of them that is needed at one time: no plan can do with less
   * @param borderCopyBytes bytes that one run of the library moves at its borders although the
   *     source graph does not
   */
  public record PartitionRow(
      @JsonProperty("name") String name,
      @JsonProperty("kind") String kind,
      @JsonProperty("nodes") int nodes,
      @JsonProperty("flops_share") double flopsShare,
      @JsonProperty("inputs") List<String> inputs,
      @JsonProperty("outputs") List<String> outputs,
      @JsonProperty("kernels_before_fusion") int kernelsBeforeFusion,
      @JsonProperty("kernels") List<KernelRow> kernels,
      @JsonProperty("arena_bytes") long arenaBytes,
      @JsonProperty("sum_bytes") long sumBytes,
      @JsonProperty("sum_bytes_by_type") Map<String, Long> sumBytesByType,
      @JsonProperty("live_bytes") long liveBytes,
      @JsonProperty("border_copy_bytes") long borderCopyBytes) {
    public PartitionRow {
      sumBytesByType = sumBytesByType == null ? Map.of() : new TreeMap<>(sumBytesByType);
    }

    PartitionRow withKernels(List<KernelRow> rows) {
      return new PartitionRow(
          name,
          kind,
          nodes,
          flopsShare,
          inputs,
          outputs,
          kernelsBeforeFusion,
          rows,
          arenaBytes,
          sumBytes,
          sumBytesByType,
          liveBytes,
          borderCopyBytes);
    }
  }

  /**
   * A launch of a library.
   *
   * @param nodes those of the source graph that it computes: more than one are fused
   * @param tile which of its tiles it has; empty for what comes in one form
   * @param chosenBy {@code profiled}, {@code cache} (profiled before) or {@code cost model}; empty
   *     likewise
   * @param candidates the tiles that were considered
   * @param function what the names of its functions on a GPU begin with; empty on CPUs
   * @param arithmetic what its functions multiply with, by their machine code, where it has been
   *     looked at
   */
  public record KernelRow(
      @JsonProperty("name") String name,
      @JsonProperty("kind") String kind,
      @JsonProperty("nodes") List<String> nodes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("tile") String tile,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("chosen_by") String chosenBy,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("candidates")
          List<CandidateRow> candidates,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("function") String function,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("arithmetic")
          List<String> arithmetic) {
    public KernelRow {
      nodes = List.copyOf(nodes);
      tile = tile == null ? "" : tile;
      chosenBy = chosenBy == null ? "" : chosenBy;
      candidates = candidates == null ? List.of() : List.copyOf(candidates);
      function = function == null ? "" : function;
      arithmetic = arithmetic == null ? List.of() : List.copyOf(arithmetic);
    }

    /** Its kind, and what it multiplies with if that is known. */
    public String how() {
      return arithmetic.isEmpty() ? kind : kind + " by " + String.join(" or ", arithmetic);
    }

    /** Its tile and who chose it, in words; empty for what comes in one form. */
    public String choice() {
      if (tile.isEmpty()) {
        return "";
      }
      String time =
          candidates.stream()
              .filter(row -> row.tile().equals(tile) && row.micros() != null)
              .map(row -> String.format(Locale.ROOT, ", %.1f us", row.micros()))
              .findFirst()
              .orElse("");
      return "%s, %s, 1 of %d%s".formatted(tile, chosenBy, candidates.size(), time);
    }

    KernelRow withArithmetic(List<String> found) {
      return new KernelRow(name, kind, nodes, tile, chosenBy, candidates, function, found);
    }
  }

  /**
   * A tile that a kernel could have.
   *
   * @param micros as measured; null if it was not
   * @param expectedMicros by the cost model
   */
  public record CandidateRow(
      @JsonProperty("tile") String tile,
      @JsonProperty("micros") Double micros,
      @JsonProperty("expected_micros") double expectedMicros) {}

  /** How often an operator runs on libtorch, and the reasons. */
  public record FallbackOp(
      @JsonProperty("count") int count, @JsonProperty("reasons") List<String> reasons) {}

  /**
   * What became of a node.
   *
   * @param inputs the nodes whose results it reads, and inputs of the graph; no weights
   * @param results the types of what it yields
   * @param partitions those that hold it; several if each reader repeats it
   * @param reason why it is not compiled; empty if it is
   * @param source where the user wrote it, if the model says
   */
  public record NodeRow(
      @JsonProperty("name") String name,
      @JsonProperty("op") String op,
      @JsonProperty("inputs") List<String> inputs,
      @JsonProperty("results") List<String> results,
      @JsonProperty("partitions") List<String> partitions,
      @JsonProperty("reason") String reason,
      @JsonProperty("source") String source) {
    public NodeRow {
      inputs = inputs == null ? List.of() : List.copyOf(inputs);
      results = results == null ? List.of() : List.copyOf(results);
    }
  }

  LoweringReport withPartitions(List<PartitionRow> rows) {
    return new LoweringReport(
        target,
        precision,
        nodesTotal,
        nodesAit,
        flopsAitShare,
        rows,
        fallbackOps,
        inputs,
        outputs,
        nodes,
        demotions);
  }

  /** Partitions that are compiled. */
  public int aitPartitions() {
    return count("ait");
  }

  /** Partitions that run on libtorch. */
  public int fallbackPartitions() {
    return count("fallback");
  }

  private int count(String kind) {
    return (int) partitions.stream().filter(p -> p.kind().equals(kind)).count();
  }

  /** Kernels that one run launches, over all partitions that are compiled. */
  public int kernels() {
    return partitions.stream().mapToInt(p -> p.kernels().size()).sum();
  }

  /** What {@link #kernels} would be without fusion. */
  public int kernelsBeforeFusion() {
    return partitions.stream().mapToInt(PartitionRow::kernelsBeforeFusion).sum();
  }

  /** A timed kernel with what this report says of it. */
  KernelTime time(String partition, KernelProfile kernel) {
    return partitions.stream()
        .filter(row -> row.name().equals(partition))
        .flatMap(row -> row.kernels().stream())
        .filter(row -> row.name().equals(kernel.name()))
        .map(row -> new KernelTime(partition, row.kind(), row.nodes(), kernel))
        .findFirst()
        .orElseGet(() -> new KernelTime(partition, kernel.name(), List.of(), kernel));
  }

  /** This report as JSON text. */
  public String json() {
    return ReportJson.write(this);
  }

  /** This report as one HTML page that needs nothing else. */
  public String html() {
    return html(List.of(this));
  }

  /** The reports of a model's targets as JSON text, an array. */
  public static String json(List<LoweringReport> targets) {
    return ReportJson.write(targets);
  }

  /** The reports of a model's targets as one HTML page that needs nothing else. */
  public static String html(List<LoweringReport> targets) {
    return ReportHtml.write(targets);
  }

  /** The partitions and what falls back as a text table. */
  @Override
  public String toString() {
    return ReportTable.text(this);
  }
}
