package io.ait4j.compiler.convert;

import java.util.Map;

/**
 * Adds converters; found by {@link java.util.ServiceLoader}, so that a jar beside ours can teach
 * the compiler its own operators.
 */
public interface ConverterProvider {
  /** By operator, as {@code aten::add.Tensor}. */
  Map<String, Converter> converters();
}
