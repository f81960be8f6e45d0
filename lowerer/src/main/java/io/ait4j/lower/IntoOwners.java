package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.util.ArrayList;
import java.util.List;

/** Results are given away one by one, each with what frees its memory. */
record IntoOwners() implements Destination<List<Held>> {
  @Override
  public NativeTensor direct(String name, DType dtype, long[] sizes, long[] strides, Place place) {
    return null;
  }

  @Override
  public List<Held> collect(Execution run, List<OutputSource> outputs) {
    List<Held> results = new ArrayList<>(outputs.size());
    try {
      outputs.forEach(output -> results.add(run.keep(output, run.place().results())));
      return results;
    } catch (Throwable e) {
      abandon(results);
      throw e;
    }
  }

  @Override
  public void abandon(List<Held> results) {
    Held.release(results);
  }
}
