package io.ait4j.compiler.select;

import io.ait4j.compiler.pass.Schedule;
import java.util.List;
import java.util.Map;

/** Times kernels. */
interface KernelTimer {
  /**
   * The times in microseconds, in the order of the trials.
   *
   * @param schedule the program that the kernels are of
   * @param sizes a value for each symbol of the program, by its name
   * @throws io.ait4j.fx.ModelException if one cannot be built or run
   */
  List<Double> micros(Schedule schedule, List<Trial> trials, Map<String, Long> sizes);
}
