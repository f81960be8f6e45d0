package io.ait4j.fx;

import java.util.Map;
import java.util.Optional;

/**
 * Operators of libtorch that no model runs here, as what they do is not to compute: they reach
 * files or other processes, or are of libtorch's inside and known to trust their arguments with
 * memory. The list is no proof that all others are safe: what others upload runs in a process of
 * its own all the same.
 */
public final class RefusedOperators {
  private static final String FILES = "it reads or writes files";
  private static final String PROCESSES = "it talks to other processes";
  private static final String PRINTS = "it prints";
  private static final String TRUSTS = "it is of libtorch's own inside and trusts its arguments";

  private static final Map<String, String> NAMESPACES =
      Map.ofEntries(
          Map.entry("c10d", PROCESSES),
          Map.entry("_c10d_functional", PROCESSES),
          Map.entry("_c10d_functional_autograd", PROCESSES),
          Map.entry("c10d_functional", PROCESSES),
          Map.entry("_dtensor", PROCESSES),
          Map.entry("symm_mem", PROCESSES),
          Map.entry("rpc", PROCESSES),
          Map.entry("dist_autograd", PROCESSES),
          Map.entry("profiler", TRUSTS),
          Map.entry("inductor", TRUSTS),
          Map.entry("static_runtime", TRUSTS),
          Map.entry("prepacked", TRUSTS),
          Map.entry("mkldnn_prepacked", TRUSTS),
          Map.entry("_test", TRUSTS));

  private static final Map<String, String> NAMES =
      Map.of(
          "aten::save", FILES,
          "aten::from_file", FILES,
          "aten::_print", PRINTS,
          "prim::Print", PRINTS,
          "aten::set_data", TRUSTS,
          "aten::_nested_view_from_buffer", TRUSTS,
          "aten::_resize_output_", TRUSTS,
          "aten::_fill_mem_eff_dropout_mask_", TRUSTS);

  private RefusedOperators() {}

  /** Why no model may run it, as a sentence about it; empty if one may. */
  public static Optional<String> reason(OpTarget target) {
    String reason = NAMESPACES.get(target.namespace());
    return Optional.ofNullable(reason != null ? reason : NAMES.get(target.qualifiedName()));
  }

  /**
   * Refuses it.
   *
   * @param place where the user wrote it; may be empty
   * @throws ModelException (IMPORT) if no model may run it
   */
  public static void check(OpTarget target, String place) {
    reason(target)
        .ifPresent(
            why -> {
              throw new ModelException(
                  ModelException.Kind.IMPORT,
                  "operator %s%s is refused: %s, which no model may do here; export the model without"
                          .formatted(target, place.isEmpty() ? "" : " at " + place, why)
                      + " it");
            });
  }
}
