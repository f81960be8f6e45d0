package io.ait4j.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FairSlotsTest {
  private final FairSlots slots = new FairSlots(16, "things");

  private List<FairSlots.Slot> allFor(String account) throws InterruptedException {
    List<FairSlots.Slot> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(slots.take(account, Duration.ZERO));
      }
    } catch (Problem e) {
      assertThat(e.type()).isEqualTo(Problems.TOO_MANY_REQUESTS);
      assertThat(e.retryAfterSeconds()).isPositive();
      return taken;
    }
  }

  @Test
  void whoeverTakesAllThatItGetsLeavesAsMuch() throws Exception {
    List<FairSlots.Slot> ann = allFor("ann");
    assertThat(ann).hasSize(8);
    assertThat(allFor("bob")).hasSize(4);
    assertThat(allFor("cem")).hasSize(2);
    ann.forEach(FairSlots.Slot::close);
    assertThat(allFor("dan")).hasSize(5);
    assertThat(allFor("cem")).hasSize(2);
  }

  @Test
  void theLastOneIsHadByWhoHasNone() throws Exception {
    FairSlots one = new FairSlots(1, "things");
    FairSlots.Slot slot = one.take("ann", Duration.ZERO);
    assertThatThrownBy(() -> one.take("bob", Duration.ZERO)).hasMessageContaining("has 1 things");
    CompletableFuture<FairSlots.Slot> waiting = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            waiting.complete(one.take("bob", Duration.ofMinutes(1)));
          } catch (InterruptedException | Problem e) {
            waiting.completeExceptionally(e);
          }
        });
    slot.close();
    waiting.get().close();
    one.take("ann", Duration.ZERO);
  }
}
