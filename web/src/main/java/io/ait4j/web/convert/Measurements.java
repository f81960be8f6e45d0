package io.ait4j.web.convert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What was timed, as JSON.
 *
 * @param target that runs on this machine: the best that fits it; null if none does
 * @param kernels in the order in which they run
 * @param ait4jMillis median latency
 * @param libtorchMillis the same of the model in libtorch; null if it was not timed
 * @param libtorchHow {@code torchscript} or {@code operators}; null likewise
 * @param threads that ait4j runs on
 * @param libtorchThreads that libtorch said it runs on; null if it was not timed
 * @param runs of both
 * @param inputs {@code sample} or {@code zeros}
 * @param note what could not be timed, and why; null if all was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurements(
    @JsonProperty("target") String target,
    @JsonProperty("kernels") List<Row> kernels,
    @JsonProperty("ait4j_ms") Double ait4jMillis,
    @JsonProperty("libtorch_ms") Double libtorchMillis,
    @JsonProperty("libtorch_how") String libtorchHow,
    @JsonProperty("threads") int threads,
    @JsonProperty("libtorch_threads") Integer libtorchThreads,
    @JsonProperty("runs") int runs,
    @JsonProperty("inputs") String inputs,
    @JsonProperty("note") String note) {

  /**
   * A kernel.
   *
   * @param kind {@code libtorch} for a whole partition there
   * @param micros median
   * @param share of all kernels' time
   */
  record Row(
      @JsonProperty("partition") String partition,
      @JsonProperty("name") String name,
      @JsonProperty("kind") String kind,
      @JsonProperty("nodes") List<String> nodes,
      @JsonProperty("micros") double micros,
      @JsonProperty("share") double share) {}
}
