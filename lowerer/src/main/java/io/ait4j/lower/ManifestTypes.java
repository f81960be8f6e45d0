package io.ait4j.lower;

import io.ait4j.compiler.Constant;
import io.ait4j.fx.DType;
import io.ait4j.fx.Weight;
import io.ait4j.lower.proto.ConstantRef;
import io.ait4j.lower.proto.WeightRef;
import java.util.List;
import java.util.Map;

/** Types of constants as the manifest writes them, and back. */
final class ManifestTypes {
  private ManifestTypes() {}

  static ConstantRef.Builder constant(
      String name, DType dtype, long[] sizes, long[] strides, String entry) {
    ConstantRef.Builder ref =
        ConstantRef.newBuilder().setName(name).setDtype(dtype.torchName()).setEntry(entry);
    for (int i = 0; i < sizes.length; i++) {
      ref.addSizes(sizes[i]).addStrides(strides[i]);
    }
    return ref;
  }

  static WeightRef weight(Weight weight) {
    WeightRef.Builder ref = WeightRef.newBuilder().setName(weight.name());
    for (long size : weight.meta().sizes()) {
      ref.addSizes(size);
    }
    for (long stride : weight.meta().strides(Map.of())) {
      ref.addStrides(stride);
    }
    return ref.build();
  }

  /** A library's constant, where it lies in the file. */
  static Constant constant(ConstantRef ref, AitmFile file) {
    return new Constant(
        ref.getName(),
        dtype(ref.getDtype()),
        longs(ref.getSizesList()),
        file.entry(ref.getEntry()).data());
  }

  static DType dtype(String name) {
    return DType.ofTorchName(name)
        .orElseThrow(() -> new IllegalArgumentException("dtype '" + name + "' is unknown"));
  }

  static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
