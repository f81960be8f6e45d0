package io.ait4j.fx.export;

import java.util.Set;

/** Operators that check what they are given and yield nothing of use. */
final class Assertions {
  /**
   * Of the sizes here, {@code sym_constrain_range} repeats the symbols' bounds, and {@code
   * _assert_tensor_metadata} the types that the file gives.
   */
  private static final Set<String> NAMES =
      Set.of(
          "_assert_async",
          "_assert_tensor_metadata",
          "sym_constrain_range",
          "sym_constrain_range_for_size",
          "_functional_assert_async",
          "_functional_assert_scalar",
          "_functional_sym_constrain_range",
          "_functional_sym_constrain_range_for_size",
          "_make_dep_token",
          "_print");

  private Assertions() {}

  static boolean drop(String target) {
    String prefix = "torch.ops.aten.";
    if (!target.startsWith(prefix)) {
      return false;
    }
    int dot = target.indexOf('.', prefix.length());
    return NAMES.contains(target.substring(prefix.length(), dot < 0 ? target.length() : dot));
  }
}
