package io.ait4j.web.infer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RequestQueueTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static SharedArea area;

  @BeforeAll
  static void allocate() {
    area = new SharedArea();
    area.allocate(1 << 16);
  }

  @AfterAll
  static void free() {
    area.close();
  }

  private static QueuedRequest request(long... sizes) throws InferenceFailed {
    InputBlocks inputs = new InputBlocks(area, new FreeList(1 << 16), 1);
    inputs.take(0, sizes, 4);
    return new QueuedRequest(inputs);
  }

  @Test
  void runsAloneWhatComesToAFreeWorker() throws Exception {
    RequestQueue queue = new RequestQueue(10, 1, HOUR);
    QueuedRequest first = request(1, 4);
    queue.offer(first);
    assertThat(queue.take(8)).containsExactly(first);
  }

  @Test
  void gathersWhatFitsTogetherWhileTheWorkerIsBusy() throws Exception {
    RequestQueue queue = new RequestQueue(10, 1, 0);
    queue.offer(request(1, 4));
    queue.take(8);
    QueuedRequest one = request(2, 4);
    QueuedRequest wider = request(2, 5);
    QueuedRequest two = request(3, 4);
    QueuedRequest tooMany = request(4, 4);
    QueuedRequest three = request(3, 4);
    for (QueuedRequest each : List.of(one, wider, two, tooMany, three)) {
      assertThat(queue.offer(each)).isTrue();
    }
    queue.done();
    assertThat(queue.take(8)).containsExactly(one, two, three);
    queue.done();
    assertThat(queue.take(8)).containsExactly(wider);
    queue.done();
    assertThat(queue.take(8)).containsExactly(tooMany);
  }

  @Test
  void waitsForMoreOnlyWhileOthersRun() throws Exception {
    RequestQueue queue = new RequestQueue(10, 2, HOUR);
    queue.offer(request(1, 4));
    queue.take(2);
    QueuedRequest one = request(1, 4);
    QueuedRequest two = request(1, 4);
    queue.offer(one);
    Thread other = Thread.ofVirtual().unstarted(() -> queue.offer(two));
    other.start(); // without it the next line would take an hour
    assertThat(queue.take(2)).containsExactly(one, two);
    other.join();
  }

  @Test
  @Timeout(60)
  void givesOneAheadOfItsTurnWhereNoBatchCouldGrow() throws Exception {
    RequestQueue queue = new RequestQueue(10, 1, HOUR);
    QueuedRequest one = request(1, 4);
    QueuedRequest two = request(1, 4);
    queue.offer(one);
    queue.offer(two);
    assertThat(queue.take(1)).containsExactly(one);
    assertThat(queue.take(1)).containsExactly(two);
  }

  @Test
  void takesNoMoreThanMayWait() throws Exception {
    RequestQueue queue = new RequestQueue(2, 1, 0);
    QueuedRequest one = request(1);
    assertThat(queue.offer(one)).isTrue();
    assertThat(queue.offer(request(1))).isTrue();
    assertThat(queue.offer(request(1))).isFalse();
    assertThat(queue.withdraw(one)).isTrue();
    assertThat(queue.withdraw(one)).isFalse();
    assertThat(queue.offer(request(1))).isTrue();
    assertThat(queue.close()).hasSize(2);
    assertThat(queue.offer(request(1))).isFalse();
    assertThat(queue.take(8)).isEmpty();
  }
}
