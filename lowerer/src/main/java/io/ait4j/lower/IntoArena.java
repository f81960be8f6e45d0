package io.ait4j.lower;

import io.ait4j.fx.ArenaMemory;
import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Results live in an arena of the caller's, each in memory of its own. */
record IntoArena(Arena arena) implements Destination<List<NativeTensor>> {
  /** A run that fails must leave nothing there: what an arena has taken it does not give back. */
  @Override
  public NativeTensor direct(String name, DType dtype, long[] sizes, long[] strides, Place place) {
    return null;
  }

  @Override
  public List<NativeTensor> collect(Execution run, List<OutputSource> outputs) {
    Memory memory = run.place().results();
    List<NativeTensor> results = new ArrayList<>(outputs.size());
    for (OutputSource output : outputs) {
      results.add(
          output instanceof OutputSource.Value(String name) && run.claim(name, memory)
              ? give(run.held(name))
              : memory.copy(run.tensor(output), arena));
    }
    return results;
  }

  /** Ties memory that somebody frees to the arena instead of copying it. */
  private NativeTensor give(Held value) {
    NativeTensor tensor = value.tensor();
    if (value.owner() == Owner.OUTSIDE) {
      return tensor;
    }
    Owner owner = value.owner().retain();
    long elements = NativeTensor.reach(tensor.sizes(), tensor.strides());
    long readable = tensor.device().isCpu() ? elements * tensor.dtype().bytes() : 0;
    return new NativeTensor(
        tensor.dtype(),
        tensor.sizes(),
        tensor.strides(),
        ArenaMemory.of(tensor.address(), readable, arena, owner::release),
        tensor.device());
  }
}
