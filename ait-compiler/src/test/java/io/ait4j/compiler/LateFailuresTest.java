package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.fx.ModelException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateFailuresTest {
  private final LateFailures late = new LateFailures();

  private static void fail() {
    throw new ModelException(ModelException.Kind.RUN, "index 7 is out of range");
  }

  private void runThatFails(ModelException why) {
    long stamp = late.begin();
    late.note(why);
    late.end(stamp);
  }

  private final List<ModelException> told = new ArrayList<>();

  @Test
  void aFailureThatAnotherRunIsToldStillFailsTheRunItMayBelongTo() {
    long mine = late.count();
    long others = late.count();
    late.check(others, LateFailuresTest::fail, told::add);
    late.check(mine, () -> {}, told::add);
    assertThat(told).hasSize(2);
    assertThat(told.getLast()).hasMessage("index 7 is out of range");
  }

  @Test
  void soDoesOneThatIsToldWhileAnotherRunBegins() {
    long mine = late.count();
    runThatFails(new ModelException(ModelException.Kind.RUN, "index 8 is out of range"));
    late.check(mine, () -> {}, told::add);
    assertThat(told).hasSize(1);
  }

  @Test
  void whatIsOfOneRunAloneFailsNoOther() {
    long mine = late.count();
    runThatFails(new LateFailures.OfThisRun("topk: 9 of 4"));
    late.check(mine, () -> {}, told::add);
    assertThat(told).isEmpty();
  }

  @Test
  void runsThatBeginLaterAreFine() {
    late.check(late.count(), LateFailuresTest::fail, told::add);
    assertThat(told).hasSize(1);
    late.check(late.count(), () -> {}, told::add);
    assertThat(told).hasSize(1);
  }

  @Test
  void nothingIsToldTwiceAndNothingIsLost() {
    long seen = late.check(0, LateFailuresTest::fail, told::add);
    runThatFails(new ModelException(ModelException.Kind.RUN, "index 8 is out of range"));
    seen = late.check(seen, () -> {}, told::add);
    assertThat(told).hasSize(2);
    late.check(seen, () -> {}, told::add);
    assertThat(told).hasSize(2);
  }
}
