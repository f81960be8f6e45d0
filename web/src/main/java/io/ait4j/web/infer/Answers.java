package io.ait4j.web.infer;

import io.ait4j.fx.ModelException;
import io.ait4j.web.process.LogLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gives requests what a worker says of them, if that can be true. */
final class Answers {
  private final ModelDescription description;
  private final SharedArea area;
  private final Consumer<List<Long>> free;

  /**
   * @param area where outputs are
   * @param free hears where outputs begin that have been read
   */
  Answers(ModelDescription description, SharedArea area, Consumer<List<Long>> free) {
    this.description = description;
    this.area = area;
    this.free = free;
  }

  /**
   * @throws IOException if what the worker says cannot be; the request is failed then, too
   */
  void give(Messages.Outcome outcome, QueuedRequest request) throws IOException {
    switch (outcome) {
      case Messages.Outcome.Outputs(var places) -> request.finish(result(places, request));
      case Messages.Outcome.Failed(var kind, var why) ->
          request.fail(new InferenceFailed(reason(kind), LogLines.line(why)));
    }
  }

  private static InferenceFailed.Reason reason(ModelException.Kind kind) {
    return switch (kind) {
      case USAGE -> InferenceFailed.Reason.BAD_REQUEST;
      case IO -> InferenceFailed.Reason.BUSY;
      default -> InferenceFailed.Reason.MODEL_FAILED;
    };
  }

  private InferenceResult result(List<TensorPlace> places, QueuedRequest request)
      throws IOException {
    List<InferenceResult.Output> outputs = new ArrayList<>();
    try {
      if (places.size() != description.outputs().size()) {
        throw new IllegalArgumentException(places.size() + " outputs");
      }
      for (int i = 0; i < places.size(); i++) {
        TensorDescription type = description.outputs().get(i);
        long[] sizes = places.get(i).sizes();
        if (type.misfit(sizes).isPresent()) {
          throw new IllegalArgumentException(type.misfit(sizes).get());
        }
        outputs.add(
            new InferenceResult.Output(
                type, sizes, area.at(places.get(i).offset(), type.bytes(sizes))));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      request.fail(
          new InferenceFailed(
              InferenceFailed.Reason.WORKER_DIED, "the model's worker process gave no outputs"));
      throw new IOException("outputs that cannot be: " + e.getMessage());
    }
    List<Long> offsets = places.stream().map(TensorPlace::offset).toList();
    SharedArea held = area.hold();
    return new InferenceResult(
        outputs,
        () -> {
          free.accept(offsets);
          held.close();
        });
  }
}
