package io.ait4j.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.compiler.build.Instructions;
import io.ait4j.fx.ModelException;
import io.ait4j.lower.proto.Requirements;
import io.ait4j.lower.proto.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of a file's targets a machine takes, and what it says if it can take none. */
class MachineTest {
  private static final Path FILE = Path.of("model.aitm");
  private static final Variant V3 = variant("cpu:x86-64-v3", "2.29", "avx2", "fma");
  private static final Variant V4 = variant("cpu:x86-64-v4", "2.34", "avx2", "avx512f", "fma");

  private static Variant variant(String target, String glibc, String... instructions) {
    return Variant.newBuilder()
        .setTarget(target)
        .setRequirements(
            Requirements.newBuilder().setGlibc(glibc).addAllInstructions(List.of(instructions)))
        .build();
  }

  private static Machine machine(String glibc, String... instructions) {
    return new Machine(Set.of(instructions), Optional.of(glibc), 0);
  }

  @Test
  void theBestThatFitsIsTaken() {
    Machine large = machine("2.36", "sse4_2", "avx2", "avx512f", "fma");
    assertThat(large.choose(FILE, List.of(V3, V4)).variant()).isEqualTo(V4);
    assertThat(large.choose(FILE, List.of(V4, V3)).variant()).isEqualTo(V4);
    Machine small = machine("2.36", "avx2", "fma");
    assertThat(small.choose(FILE, List.of(V3, V4)).variant()).isEqualTo(V3);
    Machine old = machine("2.31", "avx2", "avx512f", "fma");
    assertThat(old.choose(FILE, List.of(V3, V4)).variant()).isEqualTo(V3);
  }

  @Test
  void aMachineThatNothingFitsIsToldWhatItLacks() {
    assertThatThrownBy(() -> machine("2.9", "avx2").choose(FILE, List.of(V3, V4)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model.aitm cannot run here")
        .hasMessageContaining("cpu:x86-64-v3: this processor lacks fma")
        .hasMessageContaining("cpu:x86-64-v4: this processor lacks avx512f, fma")
        .hasMessageContaining("recompile");
    // 2.9 is older than 2.29, although its text is not.
    assertThatThrownBy(() -> machine("2.9", "avx2", "fma").choose(FILE, List.of(V3)))
        .hasMessageContaining("it needs GLIBC 2.29 or later, and this system has 2.9");
    Machine other = new Machine(Set.of("avx2", "fma"), Optional.empty(), 0);
    assertThatThrownBy(() -> other.choose(FILE, List.of(V3)))
        .hasMessageContaining("this system has another C library");
  }

  @Test
  void aTargetForGpusIsLeftOutWhereThereIsNone() {
    Variant gpu = variant("cuda:sm_90a", "2.29", "avx2");
    Machine noGpu = new Machine(Set.of("avx2", "fma"), Optional.of("2.36"), 99);
    assertThat(noGpu.choose(FILE, List.of(gpu, V3)).variant()).isEqualTo(V3);
    assertThatThrownBy(() -> noGpu.choose(FILE, List.of(gpu)))
        .hasMessageContaining("cuda:sm_90a: ");
  }

  @Test
  void thisMachinesProcessorIsKnown() {
    assertThat(Instructions.ofThisMachine()).isNotEmpty();
    assertThat(GlibcVersion.ofThisMachine()).isPresent();
  }
}
