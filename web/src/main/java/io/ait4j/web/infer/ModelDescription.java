package io.ait4j.web.infer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a loaded model says of itself.
 *
 * @param device where it runs, as PyTorch writes it
 * @param target which of the file's targets that is
 * @param note what differs from what was asked for; empty if nothing does
 * @param maxBatch most rows that may go into one run, each request's being its inputs' first size;
 *     0 if requests run one by one
 * @param unbatched why they do; empty if they do not
 */
public record ModelDescription(
    @JsonProperty("device") String device,
    @JsonProperty("target") String target,
    @JsonProperty("note") String note,
    @JsonProperty("inputs") List<TensorDescription> inputs,
    @JsonProperty("outputs") List<TensorDescription> outputs,
    @JsonProperty("max_batch") long maxBatch,
    @JsonProperty("unbatched") String unbatched) {
  public ModelDescription {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The place of an input among the inputs; -1 if there is none of the name. */
  int input(String name) {
    return place(inputs, name);
  }

  /** The place of an output among the outputs; -1 if there is none of the name. */
  int output(String name) {
    return place(outputs, name);
  }

  private static int place(List<TensorDescription> tensors, String name) {
    return IntStream.range(0, tensors.size())
        .filter(i -> tensors.get(i).name().equals(name))
        .findFirst()
        .orElse(-1);
  }
}
