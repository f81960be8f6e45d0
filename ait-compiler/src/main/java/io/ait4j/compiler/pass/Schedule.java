package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Program;
import io.ait4j.fx.Dim;
import io.ait4j.fx.LikelySizes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program ready to be printed.
 *
 * @param program buffers and kernels, all passes done
 * @param fold names of the kernels that run once, when the library is built
 * @param run names of the kernels of each run
 * @param foldArena the intermediates of folding
 * @param runArena the intermediates of a run
 * @param lives the intermediates that each kernel of a run needs, in its order
 */
public record Schedule(
    Program program,
    List<String> fold,
    List<String> run,
    ArenaPlan foldArena,
    ArenaPlan runArena,
    List<Set<String>> lives) {

  /**
   * The lower bound of any plan: the most that is alive at one kernel, in bytes.
   *
   * @param symbols a value for each symbol of the graph, by its name
   */
  public long liveBytes(Map<String, Long> symbols) {
    return lives.stream().mapToLong(alive -> runArena.sumBytes(alive, symbols)).max().orElse(0);
  }

  /**
   * Sizes for reports: each symbol's largest value, by its name; where its bound says nothing, a
   * likely one.
   */
  public Map<String, Long> largest() {
    Map<String, Long> values = new HashMap<>();
    for (Dim.Symbol symbol : program.symbols()) {
      boolean bounded = symbol.max() <= Integer.MAX_VALUE;
      values.put(symbol.name(), bounded ? symbol.max() : LikelySizes.of(symbol));
    }
    return values;
  }
}
