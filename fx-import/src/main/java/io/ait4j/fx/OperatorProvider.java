package io.ait4j.fx;

import java.util.List;
import java.util.function.Function;

/**
 * Adds operators that PyTorch itself does not have, those of {@code torch.library}; found by {@link
 * java.util.ServiceLoader}, so that a jar beside ours can say what its operators take and yield.
 * Where they run, a converter says ({@code io.ait4j.compiler.convert.ConverterProvider}).
 */
public interface OperatorProvider {
  /** The operators; those that PyTorch has as well are left to it. */
  List<Operator> operators();

  /**
   * An operator.
   *
   * @param schema in PyTorch's notation: {@code myops::scale(Tensor self, float by=2.) -> Tensor}
   */
  record Operator(String schema, Types types) {}

  /** What an operator yields. */
  @FunctionalInterface
  interface Types {
    /**
     * The results' types, strides included; sizes may be symbols.
     *
     * @param args in schema order and complete
     * @param metaOf type of a value by its name
     * @throws ModelException (IMPORT) naming the problem if the arguments do not fit
     */
    List<TensorMeta> of(List<Arg> args, Function<String, ValueMeta> metaOf);
  }
}
