package io.ait4j.lower;

import io.ait4j.compiler.Constant;
import io.ait4j.fx.DType;
import io.ait4j.lower.proto.ConstantRef;
import java.util.List;

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
