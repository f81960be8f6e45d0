package io.ait4j.web.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FreeListTest {
  private record Taken(long begin, long bytes) {
    boolean overlaps(Taken other) {
      return begin < other.begin + Math.max(1, other.bytes)
          && other.begin < begin + Math.max(1, bytes);
    }
  }

  @Test
  void neverGivesWhatIsTaken() {
    SplittableRandom random = new SplittableRandom(1);
    FreeList space = new FreeList(1 << 14);
    List<Taken> taken = new ArrayList<>();
    for (int step = 0; step < 10_000; step++) {
      long bytes = random.nextLong(3000);
      OptionalLong begin = random.nextBoolean() ? space.take(bytes) : OptionalLong.empty();
      if (begin.isPresent()) {
        Taken next = new Taken(begin.getAsLong(), bytes);
        assertThat(next.begin % 64).isZero();
        assertThat(next.begin + bytes).isLessThanOrEqualTo(1 << 14);
        assertThat(taken).noneMatch(next::overlaps);
        taken.add(next);
      } else if (!taken.isEmpty()) {
        space.give(taken.remove(random.nextInt(taken.size())).begin);
      }
    }
    taken.forEach(last -> space.give(last.begin));
    assertThat(space.take(1 << 14)).as("all of it is one piece again").hasValue(0);
  }

  @Test
  void refusesWhatItCannotHoldAndWhatIsNotTaken() {
    FreeList space = new FreeList(128);
    assertThat(space.take(129)).isEmpty();
    assertThat(space.take(Long.MAX_VALUE)).isEmpty();
    assertThat(space.take(0)).hasValue(0);
    assertThat(space.take(64)).hasValue(64);
    assertThat(space.take(1)).isEmpty();
    space.give(0);
    assertThatThrownBy(() -> space.give(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
