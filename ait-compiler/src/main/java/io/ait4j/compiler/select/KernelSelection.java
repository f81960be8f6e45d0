package io.ait4j.compiler.select;

import io.ait4j.compiler.codegen.cuda.CudaKernelText;
import java.util.Map;

/**
 * What was chosen for the kernels of a run that come in several tiles.
 *
 * @param texts by the kernel's name
 * @param choices the reasons, by the kernel's name
 */
public record KernelSelection(
    Map<String, CudaKernelText> texts, Map<String, KernelChoice> choices) {
  /** Where nothing comes in several tiles. */
  public static final KernelSelection NONE = new KernelSelection(Map.of(), Map.of());

  public KernelSelection {
    texts = Map.copyOf(texts);
    choices = Map.copyOf(choices);
  }
}
