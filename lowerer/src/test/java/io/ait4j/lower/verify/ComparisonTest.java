package io.ait4j.lower.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ait4j.fx.DType;
import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  private static NativeTensor floats(float... values) {
    return NativeTensor.contiguous(
        DType.FLOAT32,
        new long[] {values.length},
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values));
  }

  private static NativeTensor longs(long... values) {
    return NativeTensor.contiguous(
        DType.INT64,
        new long[] {values.length},
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, values));
  }

  private static Comparison compare(NativeTensor out, NativeTensor reference) {
    return Comparison.of(out, reference, 1e-4);
  }

  @Test
  void theNormsDecide() {
    Comparison near = compare(floats(3, 4.0004f), floats(3, 4));
    assertThat(near.complaint()).isEmpty();
    assertThat(near.relL2Error()).isEqualTo(8e-5, within(1e-6));
    assertThat(near.maxAbsError()).isEqualTo(4e-4, within(1e-6));
    assertThat(compare(floats(3, 4.0006f), floats(3, 4)).complaint().orElseThrow())
        .contains("1.2e-04 is above 1.0e-04");
  }

  @Test
  void oneWrongElementDoesNotHideInALargeTensor() {
    float[] reference = new float[4_000_000];
    Arrays.fill(reference, 1);
    float[] out = reference.clone();
    out[123] = 1.005f;
    Comparison wrong = compare(floats(out), floats(reference));
    assertThat(wrong.relL2Error()).isLessThan(1e-4);
    assertThat(wrong.complaint().orElseThrow()).contains("element 123 is 1.005");
    out[123] = 1.003f;
    assertThat(compare(floats(out), floats(reference)).complaint()).isEmpty();
  }

  @Test
  void theLowestNumberOfAMaskHidesNothing() {
    float low = -Float.MAX_VALUE;
    assertThat(compare(floats(low, 9, -7), floats(low, 1, 2)).complaint()).isPresent();
    assertThat(compare(floats(low / 2, 1, 2), floats(low, 1, 2)).complaint()).isPresent();
    assertThat(compare(floats(low, 1, 2), floats(low, 1, 2)).complaint()).isEmpty();
    assertThat(compare(floats(1, low), floats(1, 2)).complaint()).isPresent();
  }

  @Test
  void aZeroReferenceWantsZero() {
    assertThat(compare(floats(0, 0), floats(0, 0)).complaint()).isEmpty();
    assertThat(compare(floats(0, 1e-30f), floats(0, 0)).complaint()).isPresent();
  }

  @Test
  void nanAndInfinityEqualThemselvesOnly() {
    Comparison same = compare(floats(NAN, INF, -INF, 1), floats(NAN, INF, -INF, 1));
    assertThat(same.complaint()).isEmpty();
    assertThat(same.relL2Error()).isZero();
    assertThat(same.vacuous()).isFalse();
    assertThat(compare(floats(1, NAN), floats(1, 2)).complaint().orElseThrow())
        .contains("element 1 is NaN instead of 2.0");
    assertThat(compare(floats(1, 2), floats(1, NAN)).complaint()).isPresent();
    assertThat(compare(floats(-INF), floats(INF)).complaint()).isPresent();
    assertThat(compare(floats(NAN), floats(INF)).complaint()).isPresent();
  }

  @Test
  void comparisonsOfNothingAreCalledSo() {
    assertThat(compare(floats(), floats()).vacuous()).isTrue();
    assertThat(compare(longs(), longs()).vacuous()).isTrue();
    assertThat(compare(floats(NAN, NAN), floats(NAN, NAN)).vacuous()).isTrue();
    assertThat(compare(floats(INF), floats(INF)).vacuous()).isFalse();
  }

  @Test
  void integersAreExact() {
    long large = 1L << 60;
    assertThat(compare(longs(1, large), longs(1, large)).complaint()).isEmpty();
    assertThat(compare(longs(1, large + 1), longs(1, large)).complaint().orElseThrow())
        .contains("element 1 is " + (large + 1));
  }

  @Test
  void typeAndShapeMustBeEqual() {
    assertThat(compare(longs(1), floats(1)).complaint().orElseThrow())
        .contains("is int64 instead of float32");
    assertThat(compare(floats(1, 2), floats(1)).complaint().orElseThrow())
        .contains("has shape [2] instead of [1]");
    assertThat(compare(floats(1, 2), floats(1)).relL2Error()).isInfinite();
  }

  @Test
  void stridesDoNotMatter() {
    NativeTensor rows = floats(1, 2, 3, 4, 5, 6);
    NativeTensor matrix =
        new NativeTensor(DType.FLOAT32, new long[] {2, 3}, new long[] {3, 1}, rows.data());
    NativeTensor transposed =
        new NativeTensor(
            DType.FLOAT32, new long[] {2, 3}, new long[] {1, 2}, floats(1, 4, 2, 5, 3, 6).data());
    assertThat(compare(transposed, matrix).relL2Error()).isZero();
    assertThat(compare(transposed, matrix).complaint()).isEmpty();
  }

  @Test
  void halfTypesAreRead() {
    var data =
        Arena.ofAuto()
            .allocateFrom(ValueLayout.JAVA_SHORT, Float.floatToFloat16(1.5f), (short) 0xbf80);
    Elements half =
        Elements.of(NativeTensor.contiguous(DType.FLOAT16, new long[] {1}, data.asSlice(0, 2)));
    Elements brain =
        Elements.of(NativeTensor.contiguous(DType.BFLOAT16, new long[] {1}, data.asSlice(2, 2)));
    assertThat(half.real(0)).isEqualTo(1.5);
    assertThat(brain.real(0)).isEqualTo(-1);
  }
}
