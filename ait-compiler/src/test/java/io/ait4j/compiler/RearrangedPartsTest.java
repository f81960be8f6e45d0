package io.ait4j.compiler;

import static io.ait4j.compiler.OperatorTable.of;

import io.ait4j.fx.Arg;
import io.ait4j.fx.DType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cut, joined anew, turned, dealt out to windows and back: every element must find its place. */
class RearrangedPartsTest {
  @TempDir Path cache;

  private static Arg slice(OperatorTable t, Arg x, int dim, int from, int to) {
    return t.call("slice.Tensor", x, dim, from, to, 1);
  }

  private static Arg cat(OperatorTable t, int dim, Arg... parts) {
    return t.call("cat", List.of(parts), dim);
  }

  private static Arg rolled(OperatorTable t, Arg x, int dim, int size, int by) {
    return cat(t, dim, slice(t, x, dim, by, size), slice(t, x, dim, 0, by));
  }

  /** {@code [h, w, c]} in windows of 4 by 4: {@code [windows, 16, c]}. */
  private static Arg windows(OperatorTable t, Arg x) {
    Arg split = t.call("view", x, of(2, 4, 3, 4, 5));
    return t.call("reshape", t.call("permute", split, of(0, 2, 1, 3, 4)), of(6, 16, 5));
  }

  private static Arg whole(OperatorTable t, Arg windows) {
    Arg split = t.call("view", windows, of(2, 3, 4, 4, 5));
    return t.call("reshape", t.call("permute", split, of(0, 2, 1, 3, 4)), of(8, 12, 5));
  }

  @Test
  void agreesWithLibtorch() {
    try (Oracle oracle = new Oracle(cache, System.nanoTime())) {
      OperatorTable t = new OperatorTable(oracle);
      Arg x = t.input(DType.FLOAT32, 8, 12, 5);
      Arg shifted = rolled(t, rolled(t, t.call("exp", x), 0, 8, 3), 1, 12, 7);
      Arg product = t.call("linear", windows(t, shifted), t.weight(5, 5), null);
      t.expect("windows of a rolled image", 1e-5, product);
      Arg back = rolled(t, rolled(t, whole(t, product), 0, 8, 5), 1, 12, 5);
      t.expect("back again, added", 1e-5, t.call("add.Tensor", x, back));
      t.expect(
          "normalised on the way",
          1e-4,
          windows(t, t.call("layer_norm", x, of(5), t.weight(5), t.weight(5), 1e-5, false)));

      Arg q = t.input(DType.FLOAT32, 2, 3, 6, 10);
      Arg turned = cat(t, -1, t.call("neg", slice(t, q, 3, 5, 10)), slice(t, q, 3, 0, 5));
      Arg cos = t.input(DType.FLOAT32, 6, 10);
      Arg sin = t.input(DType.FLOAT32, 6, 10);
      Arg rotary =
          t.call("add.Tensor", t.call("mul.Tensor", q, cos), t.call("mul.Tensor", turned, sin));
      t.expect("rotary embedding", 1e-5, rotary);
      Arg three =
          cat(
              t,
              2,
              slice(t, q, 2, 0, 1),
              t.call("exp", slice(t, q, 2, 2, 5)),
              slice(t, q, 2, 3, 4));
      t.expect("unequal parts", 1e-5, t.call("mul.Tensor", three, t.call("sin", three)));
      t.check();
    }
  }
}
