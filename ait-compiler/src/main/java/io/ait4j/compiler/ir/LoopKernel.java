package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A generated loop nest: for every point of {@code outer}, which run in any order and in parallel,
 * the stages one after another. Later stages may read what earlier ones stored at the same outer
 * point.
 */
public record LoopKernel(
    String name, List<Dim.Symbol> outer, List<Stage> stages, List<String> origins)
    implements Kernel {
  public LoopKernel {
    outer = List.copyOf(outer);
    stages = List.copyOf(stages);
    origins = List.copyOf(origins);
  }

  /** The only stage; throws {@link IllegalStateException} if there are several. */
  public Stage stage() {
    if (stages.size() != 1) {
      throw new IllegalStateException("kernel " + name + " has " + stages.size() + " stages");
    }
    return stages.getFirst();
  }

  public LoopKernel withStage(Stage stage) {
    return new LoopKernel(name, outer, List.of(stage), origins);
  }

  @Override
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>();
    stages.forEach(s -> s.body().loads().forEach(load -> names.add(load.buffer())));
    names.removeAll(writes());
    return names;
  }

  @Override
  public Set<String> writes() {
    Set<String> names = new LinkedHashSet<>();
    stages.forEach(s -> names.add(s.target()));
    return names;
  }
}
