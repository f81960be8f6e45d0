package io.ait4j.compiler.codegen.cuda;

import io.ait4j.compiler.build.Sources;
import io.ait4j.fx.Dim;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kernel for a GPU with {@code @} where its name belongs, so that equal kernels are printed and
 * compiled once.
 *
 * @param device the {@code __global__} functions, and what they need before them; inside of
 *     namespace {@code ait::model}
 * @param deviceHeaders what the device text includes, by plain name
 * @param host the function {@code void @(const Context& cx, ...)} that launches them
 * @param hostHeaders what the host text includes, by plain name
 * @param signature parameters of the host function, as between the parentheses: the context, a
 *     pointer for each of {@code arguments}, an {@code int64_t} for each of {@code numbers}
 * @param arguments buffers in the order of the parameters
 * @param numbers sizes and strides, after the buffers
 */
public record CudaKernelText(
    String device,
    Set<String> deviceHeaders,
    String host,
    Set<String> hostHeaders,
    String signature,
    List<String> arguments,
    List<Dim> numbers) {

  /** All of it but what calls it. */
  public Sources sources() {
    CudaUnits units = new CudaUnits();
    units.add(this);
    return new Sources(Map.of("launches.cpp", units.launches()), units.files(), Map.of(), Set.of());
  }
}
