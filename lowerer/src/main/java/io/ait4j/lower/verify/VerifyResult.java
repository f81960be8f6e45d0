package io.ait4j.lower.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ait4j.lower.HostDeviceCopies;
import io.ait4j.lower.LoweringReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of one model at one set of inputs; an object of {@code verify --json}.
 *
 * @param name of the model's folder
 * @param format {@code pt}, {@code pt2} or {@code onnx}
 * @param file the model's
 * @param inputs what it ran on: the recording's file name, or the sizes that were chosen
 * @param reference what it was compared with
 * @param status how it ended
 * @param error what went wrong; null if nothing did
 * @param relL2Error of the worst output; null if there is none or it is not finite
 * @param maxAbsError likewise
 * @param vacuous outputs of which nothing could be compared
 * @param report how it was split; null if it did not get so far
 * @param borderCopiesBytes copied at borders by one run
 * @param device that it ran on; null if it did not get so far
 * @param hostDeviceCopies between the host and the GPU in one run; null on the CPU
 * @param convertSeconds to import, split, compile and write; null if it did not get so far
 * @param runMs of one run, the second; null likewise
 */
public record VerifyResult(
    @JsonProperty("name") String name,
    @JsonProperty("format") String format,
    @JsonProperty("file") String file,
    @JsonProperty("case") String inputs,
    @JsonProperty("reference") Reference reference,
    @JsonProperty("status") Status status,
    @JsonProperty("error") String error,
    @JsonProperty("rel_l2_error") Double relL2Error,
    @JsonProperty("max_abs_error") Double maxAbsError,
    @JsonProperty("vacuous") List<String> vacuous,
    @JsonIgnore LoweringReport report,
    @JsonProperty("border_copies_bytes") Long borderCopiesBytes,
    @JsonProperty("device") String device,
    @JsonProperty("host_device_copies") HostDeviceCopies hostDeviceCopies,
    @JsonProperty("convert_seconds") Double convertSeconds,
    @JsonProperty("run_ms") Double runMs) {

  /** What outputs are compared with. */
  public enum Reference {
    /** What PyTorch computed when the recording was made. */
    @JsonProperty("recorded")
    RECORDED,
    /** What libtorch computes here, operator by operator, from the imported graph. */
    @JsonProperty("libtorch")
    LIBTORCH
  }

  /** How it ended. */
  public enum Status {
    /** Its outputs agree. */
    @JsonProperty("ok")
    OK,
    /** They do not. */
    @JsonProperty("mismatch")
    MISMATCH,
    /** The model or its recorded tensors cannot be read or imported. */
    @JsonProperty("import_error")
    IMPORT_ERROR,
    /** It cannot be compiled, or its module not be written. */
    @JsonProperty("compile_error")
    COMPILE_ERROR,
    /** It failed while running. */
    @JsonProperty("run_error")
    RUN_ERROR
  }

  @JsonProperty("nodes_ait")
  public Integer nodesAit() {
    return report == null ? null : report.nodesAit();
  }

  @JsonProperty("kernels")
  public Integer kernels() {
    return report == null ? null : report.kernels();
  }

  @JsonProperty("kernels_before_fusion")
  public Integer kernelsBeforeFusion() {
    return report == null ? null : report.kernelsBeforeFusion();
  }

  @JsonProperty("nodes_total")
  public Integer nodesTotal() {
    return report == null ? null : report.nodesTotal();
  }

  @JsonProperty("flops_ait_share")
  public Double flopsAitShare() {
    return report == null ? null : report.flopsAitShare();
  }

  @JsonProperty("ait_partitions")
  public Integer aitPartitions() {
    return report == null ? null : report.aitPartitions();
  }

  @JsonProperty("fallback_partitions")
  public Integer fallbackPartitions() {
    return report == null ? null : report.fallbackPartitions();
  }

  /** How often each operator runs on libtorch. */
  @JsonProperty("fallback_ops")
  public Map<String, Integer> fallbackOps() {
    if (report == null) {
      return null;
    }
    Map<String, Integer> counts = new TreeMap<>();
    report.fallbackOps().forEach((op, fate) -> counts.put(op, fate.count()));
    return counts;
  }
}
