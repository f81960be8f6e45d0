package io.ait4j.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.FxGraph;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whichever passes are left out, programs stay legal and results the same. */
class WithoutPassesTest {
  @TempDir Path cache;

  private static OperatorTable grown(Oracle oracle, long seed, int graphs) {
    OperatorTable table = new OperatorTable(oracle);
    for (int i = 0; i < graphs; i++) {
      long own = 1000 * seed + i;
      new RandomGraph(table, own).grow(Long.toString(own), 20);
    }
    return table;
  }

  @Test
  void everySubsetLeavesLegalPrograms() {
    long seed = System.nanoTime();
    try (Oracle oracle = new Oracle(cache, seed)) {
      FxGraph graph = grown(oracle, 1, 5).graph();
      Random random = new Random(seed);
      List<Set<String>> subsets = new ArrayList<>();
      subsets.add(AitCompiler.passes());
      for (String pass : AitCompiler.passes()) {
        subsets.add(Set.of(pass));
        Set<String> some = new LinkedHashSet<>(AitCompiler.passes());
        some.removeIf(name -> random.nextBoolean());
        subsets.add(some);
      }
      for (Set<String> without : subsets) {
        assertThat(without).isSubsetOf(AitCompiler.passes());
        AitCompiler compiler = new AitCompiler(CompilerSettings.defaults().withoutPasses(without));
        compiler.plan(graph); // fails at the first that is illegal
      }
    }
  }

  @Test
  void resultsAreTheSameWithoutAny() {
    try (Oracle oracle = new Oracle(cache, 1, AitCompiler.passes())) {
      grown(oracle, 1, 3).check();
    }
  }

  @Test
  void resultsAreTheSameWithoutSome() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<String> some = new LinkedHashSet<>(AitCompiler.passes());
    some.removeIf(name -> random.nextBoolean());
    try (Oracle oracle = new Oracle(cache, 6, some)) {
      grown(oracle, 6, 3).check();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", without " + some, e);
    }
  }

  @Test
  void aPassThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> CompilerSettings.defaults().withoutPasses(Set.of("assign layouts")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fuse rows");
  }
}
