package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.ModelException;
import org.junit.jupiter.api.Test;

class LateFailuresTest {
  private final LateFailures late = new LateFailures();

  private static void fail() {
    throw new ModelException(ModelException.Kind.RUN, "index 7 is out of range");
  }

  @Test
  void aFailureThatAnotherRunIsToldStillFailsTheRunItMayBelongTo() {
    long mine = late.count();
    long others = late.count();
    assertThatThrownBy(() -> late.check(others, LateFailuresTest::fail))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> late.check(mine, () -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessage("index 7 is out of range");
  }

  @Test
  void soDoesOneThatIsToldWhileAnotherRunBegins() {
    long mine = late.count();
    assertThatThrownBy(() -> late.enqueue(LateFailuresTest::fail))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> late.check(mine, () -> {})).isInstanceOf(ModelException.class);
  }

  @Test
  void runsThatBeginLaterAreFine() {
    assertThatThrownBy(() -> late.check(late.count(), LateFailuresTest::fail))
        .isInstanceOf(ModelException.class);
    assertThatCode(() -> late.check(late.count(), () -> {})).doesNotThrowAnyException();
  }
}
