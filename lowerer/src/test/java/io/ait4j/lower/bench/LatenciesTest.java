package io.ait4j.lower.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void ranksTimesWhateverTheirOrder() {
    Latencies latencies =
        new Latencies(LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray());
    assertThat(latencies.quantile(0)).isEqualTo(1);
    assertThat(latencies.median()).isEqualTo(100);
    assertThat(latencies.quantile(0.99)).isEqualTo(198);
    assertThat(latencies.quantile(1)).isEqualTo(200);
  }

  @Test
  void oneTimeIsEveryQuantile() {
    Latencies latencies = new Latencies(new long[] {3_000_000});
    assertThat(latencies.quantile(0)).isEqualTo(3);
    assertThat(latencies.quantile(0.99)).isEqualTo(3);
  }

  @Test
  void needsTimes() {
    assertThatThrownBy(() -> new Latencies(new long[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
