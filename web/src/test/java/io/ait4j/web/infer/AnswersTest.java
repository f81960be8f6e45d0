package io.ait4j.web.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a worker says that a model has taken over. */
class AnswersTest {
  private static final TensorDescription ROWS =
      new TensorDescription(
          "y",
          Datatype.FP32,
          List.of(
              new TensorDescription.Extent(1, Long.MAX_VALUE), new TensorDescription.Extent(4, 4)));
  private static final ModelDescription MODEL =
      new ModelDescription("cpu", "cpu", "", List.of(), List.of(ROWS), 0, "");

  private static final Messages.Bounds TWO_OF_RUN_7 =
      new Messages.Bounds() {
        @Override
        public int requests(long id) {
          return id == 7 ? 2 : -1;
        }

        @Override
        public int outputs() {
          return 1;
        }
      };

  private final SharedArea area = new SharedArea();
  private final List<Long> freed = new ArrayList<>();

  @AfterEach
  void free() {
    area.close();
  }

  private QueuedRequest answer(TensorPlace... places) throws IOException {
    area.allocate(1 << 12);
    QueuedRequest request = new QueuedRequest(new InputBlocks(area, new FreeList(area.bytes()), 0));
    new Answers(MODEL, area, freed::addAll)
        .give(new Messages.Outcome.Outputs(List.of(places)), request);
    return request;
  }

  @Test
  void givesOutputsUntilTheyHaveBeenRead() throws Exception {
    InferenceResult result = answer(new TensorPlace(new long[] {2, 4}, 64)).result().join();
    assertThat(result.outputs().getFirst().data().byteSize()).isEqualTo(32);
    assertThat(freed).isEmpty();
    result.close();
    result.close();
    assertThat(freed).containsExactly(64L);
  }

  static Stream<List<TensorPlace>> lies() {
    return Stream.of(
        List.of(),
        List.of(new TensorPlace(new long[] {4}, 0)),
        List.of(new TensorPlace(new long[] {1, 5}, 0)),
        List.of(new TensorPlace(new long[] {-1, 4}, 0)),
        List.of(new TensorPlace(new long[] {1, 4}, -64)),
        List.of(new TensorPlace(new long[] {1, 4}, 1 << 12)),
        List.of(new TensorPlace(new long[] {1, 4}, Long.MAX_VALUE)),
        List.of(new TensorPlace(new long[] {1 << 9, 4}, 0)),
        List.of(new TensorPlace(new long[] {1L << 60, 4}, 0)),
        List.of(new TensorPlace(new long[] {1, 4}, 0), new TensorPlace(new long[] {1, 4}, 0)));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void believesNoOutputsThatCannotBe(List<TensorPlace> places) {
    assertThatThrownBy(() -> answer(places.toArray(TensorPlace[]::new)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsWhatWasWritten() throws Exception {
    Messages.Report.Done done =
        new Messages.Report.Done(
            7,
            List.of(
                new Messages.Outcome.Outputs(List.of(new TensorPlace(new long[] {2}, 64))),
                new Messages.Outcome.Failed(ModelException.Kind.USAGE, "größer")),
            99);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Messages.write(done, new DataOutputStream(bytes));
    Messages.Report.Done read =
        (Messages.Report.Done) Messages.readReport(in(bytes.toByteArray()), TWO_OF_RUN_7);
    assertThat(read).usingRecursiveComparison().isEqualTo(done);
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void readsNoNonsense(byte[] bytes) {
    assertThatThrownBy(() -> Messages.readReport(in(bytes), TWO_OF_RUN_7))
        .isInstanceOf(IOException.class);
  }

  static Stream<byte[]> nonsense() {
    byte[] endless = {0, 127, -1, -1, -1};
    byte[] negative = {0, -1, -1, -1, -1};
    byte[] unknown = {9};
    byte[] manyOutcomes = {2, 0, 0, 0, 0, 0, 0, 0, 1, 127, 0, 0, 0};
    byte[] otherCount = {2, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, 0};
    byte[] manyOutputs = {2, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0};
    byte[] longText = {2, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 2, 1, 0, 0, 1, 0, 0};
    byte[] noKind = {1, 99, 0, 0, 0, 0};
    return Stream.of(
        endless,
        negative,
        unknown,
        manyOutcomes,
        otherCount,
        manyOutputs,
        longText,
        noKind,
        new byte[0]);
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
