package io.ait4j.web.convert;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The {@code settings} of a request, named as the options of {@code ait4j convert}. What is absent
 * from JSON is null here and takes the option's default; members that are not listed are refused.
 *
 * @param name under which the model is served, {@code [A-Za-z0-9][A-Za-z0-9._-]{0,127}}; null: the
 *     conversion's id
 * @param inputs what {@code --input} takes, {@code x=float32[1..16,3,224,224]}
 * @param targets what {@code --target} takes; empty: this machine's processor
 * @param precision {@code fp32}, {@code tf32}, {@code fp16} or {@code bf16}
 * @param inputPrecision the type of floating-point inputs
 * @param outputPrecision the type of floating-point outputs
 * @param state {@code session} or {@code external}
 * @param constants {@code bound} or {@code updatable}
 * @param minPartitionSize leave smaller partitions to libtorch
 * @param excludeOps operators to leave to libtorch
 * @param requireFull fail rather than leave anything to libtorch
 * @param verify compare with the samples' recorded outputs; null: if there are some
 * @param measure time kernels and libtorch
 */
public record ConversionSettings(
    @JsonProperty("name") String name,
    @JsonProperty("inputs") List<String> inputs,
    @JsonProperty("targets") List<String> targets,
    @JsonProperty("precision") String precision,
    @JsonProperty("input_precision") String inputPrecision,
    @JsonProperty("output_precision") String outputPrecision,
    @JsonProperty("state") String state,
    @JsonProperty("constants") String constants,
    @JsonProperty("min_partition_size") Integer minPartitionSize,
    @JsonProperty("exclude_ops") List<String> excludeOps,
    @JsonProperty("require_full") boolean requireFull,
    @JsonProperty("verify") Boolean verify,
    @JsonProperty("measure") boolean measure) {
  public ConversionSettings {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    targets = targets == null ? List.of() : List.copyOf(targets);
    excludeOps = excludeOps == null ? List.of() : List.copyOf(excludeOps);
  }

  /**
   * Refuses what no model could be converted with.
   *
   * @throws io.ait4j.fx.ModelException (USAGE) naming the member, what is wrong, and what to use
   */
  public void check() {
    ParsedSettings.of(this);
  }
}
