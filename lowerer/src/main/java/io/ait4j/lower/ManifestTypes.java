package io.ait4j.lower;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.FxValue;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import io.ait4j.fx.ValueMeta;
import io.ait4j.lower.proto.Border;
import io.ait4j.lower.proto.ConstantRef;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Tensor types as the manifest writes them, and back. */
final class ManifestTypes {
  private ManifestTypes() {}

  /** A value whose type is not known before it runs has no dtype in the manifest. */
  static Border border(FxValue value) {
    Border.Builder border = Border.newBuilder().setName(value.name());
    switch (value.meta()) {
      case TensorMeta t ->
          border
              .setDtype(t.dtype().torchName())
              .addAllSizes(values(t.shape()))
              .addAllStrides(values(t.strides()));
      case ValueMeta.Scalar s -> border.setDtype(s.dtype().torchName());
      case ValueMeta other -> {}
    }
    return border.build();
  }

  private static List<Long> values(List<Dim> dims) {
    return dims.stream().map(Dim::value).toList();
  }

  static Optional<TensorMeta> meta(Border border) {
    return border.getDtype().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TensorMeta(
                dtype(border.getDtype()),
                Dim.ofAll(longs(border.getSizesList())),
                Dim.ofAll(longs(border.getStridesList()))));
  }

  static ConstantRef constant(
      String name, DType dtype, long[] sizes, long[] strides, String entry) {
    ConstantRef.Builder ref =
        ConstantRef.newBuilder().setName(name).setDtype(dtype.torchName()).setEntry(entry);
    for (int i = 0; i < sizes.length; i++) {
      ref.addSizes(sizes[i]).addStrides(strides[i]);
    }
    return ref.build();
  }

  static NativeTensor tensor(ConstantRef ref, MemorySegment data) {
    return new NativeTensor(
        dtype(ref.getDtype()), longs(ref.getSizesList()), longs(ref.getStridesList()), data);
  }

  static DType dtype(String name) {
    return DType.ofTorchName(name)
        .orElseThrow(() -> new IllegalArgumentException("dtype '" + name + "' is unknown"));
  }

  static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
