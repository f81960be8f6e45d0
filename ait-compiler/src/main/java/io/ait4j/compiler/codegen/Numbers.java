package io.ait4j.compiler.codegen;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sizes and strides of a kernel, passed to its function as arguments, so that kernels that
 * differ in nothing else are one function: the C++ compiler's time goes into distinct template
 * instances.
 */
public final class Numbers {
  private final List<Dim> values = new ArrayList<>();

  /**
   * How to spell {@code value}, which is one number in a run: as it is if the text may well depend
   * on it, else as the next parameter.
   */
  public String spell(Dim value) {
    if (value.isConst() && Math.abs(value.value()) <= 1) {
      return Long.toString(value.value());
    }
    values.add(value);
    return "n" + (values.size() - 1);
  }

  public int count() {
    return values.size();
  }

  public String spell(long value) {
    return spell(Dim.of(value));
  }

  public List<Dim> values() {
    return List.copyOf(values);
  }

  /** {@code prefix} and the name of each of the first {@code count} parameters. */
  public static String list(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + "n" + i).collect(Collectors.joining());
  }
}
