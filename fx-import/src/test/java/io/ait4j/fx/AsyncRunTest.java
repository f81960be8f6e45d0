package io.ait4j.fx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncRunTest {
  @Test
  void whatHasBegunIsDoneOnlyWhenItIs() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Integer> run =
        AsyncRun.start(
            () -> {
              begun.countDown();
              await(end);
              return 5;
            },
            Thread.ofPlatform()::start);
    try {
      await(begun);
      assertThat(run.cancel(true)).isFalse();
      assertThat(run.complete(1)).isFalse();
      assertThat(run.completeExceptionally(new IllegalStateException())).isFalse();
      CompletableFuture<Integer> copy = run.copy().orTimeout(1, TimeUnit.MILLISECONDS);
      run.orTimeout(1, TimeUnit.MILLISECONDS);
      assertThatThrownBy(copy::get).hasCauseInstanceOf(TimeoutException.class);
      assertThat(run).isNotDone();
    } finally {
      end.countDown();
    }
    assertThat(run.get()).isEqualTo(5);
  }

  @Test
  void whatIsCancelledOrTimedOutBeforeItBeginsIsNotDone() {
    ArrayDeque<Runnable> queue = new ArrayDeque<>();
    CompletableFuture<Integer> cancelled = AsyncRun.start(AsyncRunTest::never, queue::add);
    assertThat(cancelled.cancel(false)).isTrue();
    CompletableFuture<Integer> late = AsyncRun.start(AsyncRunTest::never, queue::add);
    late.orTimeout(1, TimeUnit.MILLISECONDS);
    assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
    queue.forEach(Runnable::run);
    assertThat(cancelled).isCancelled();
  }

  @Test
  void failsAsTheWorkDoes() {
    CompletableFuture<Integer> run = AsyncRun.start(AsyncRunTest::never, Runnable::run);
    assertThatThrownBy(run::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnsupportedOperationException.class);
  }

  private static int never() {
    throw new UnsupportedOperationException("it ran");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
