package io.ait4j.lower.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ait4j.compiler.KernelProfile;
import io.ait4j.compiler.MachineLimits;
import io.ait4j.lower.KernelTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTableTest {
  private static final MachineLimits LIMITS =
      new MachineLimits(100e9, List.of(new MachineLimits.Level(1024, 20e9, 10e9)));

  private static List<KernelTime> run(long first, long second) {
    return List.of(
        new KernelTime("ait0", "loop", List.of("relu"), new KernelProfile("k0", first, 0, 1000, 0)),
        new KernelTime(
            "ait0", "gemm", List.of("mm", "add"), new KernelProfile("k1", second, 40_000, 10, 0)));
  }

  @Test
  void showsMediansTheSlowestKernelFirst() {
    String text = ProfileTable.text(List.of(run(200, 9000), run(100, 800), run(150, 700)), LIMITS);
    assertThat(text.lines().toList())
        .containsExactly(
            "This machine: 100.0 Gflop/s; 1 KiB at 20.0 GB/s read, 10.0 copied",
            "time   us   Gflop/s  GB/s  limit  of limit  kernel  kind  nodes",
            "84.2%  0.8  50.0     0.0   flops  50%       k1      gemm  mm add",
            "15.8%  0.2  0.0      6.7   bytes  67%       k0      loop  relu",
            "2 kernels, 0.001 ms, 42.1 % of multiply-add peak, 52.6 % of all limits");
  }
}
