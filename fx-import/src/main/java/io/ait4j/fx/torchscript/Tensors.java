package io.ait4j.fx.torchscript;

import io.ait4j.fx.DType;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** libtorch's tensors in this project's terms. */
final class Tensors {
  private Tensors() {}

  static torch.ScalarType scalarType(DType dtype) {
    return torch.ScalarType.values()[dtype.atenCode()].intern();
  }

  /** Throws {@link ModelException} (IMPORT) naming {@code what} for types we do not have. */
  static TensorMeta meta(Tensor tensor, String what) {
    if (tensor.layout().intern() != torch.Layout.Strided) {
      throw new ModelException(
          ModelException.Kind.IMPORT,
          what
              + " is a sparse or opaque tensor ("
              + tensor.layout()
              + "); only dense ones are read");
    }
    int code = tensor.scalar_type().value;
    DType dtype =
        DType.ofAten(code)
            .orElseThrow(
                () ->
                    new ModelException(
                        ModelException.Kind.IMPORT,
                        what
                            + " has element type "
                            + tensor.scalar_type()
                            + ", not supported yet"));
    return new TensorMeta(
        dtype, Dim.ofAll(array(tensor.sizes())), Dim.ofAll(array(tensor.strides())));
  }

  /** The tensor's own memory; the tensor lives until the arena is closed. */
  static MemorySegment memory(Tensor tensor, TensorMeta meta, Arena arena) {
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    long bytes = NativeTensor.reach(meta.sizes(), strides) * meta.dtype().bytes();
    Tensor held = new Tensor(tensor).retainReference();
    return (bytes == 0 ? MemorySegment.NULL : MemorySegment.ofAddress(tensor.data_ptr().address()))
        .reinterpret(bytes, arena, ended -> held.releaseReference());
  }

  /** A tensor of this type whose elements are all {@code fill}. */
  static Tensor filled(TensorMeta meta, double fill) {
    long[] strides = meta.strides().stream().mapToLong(Dim::value).toArray();
    long reach = NativeTensor.reach(meta.sizes(), strides);
    return torch
        .torch_full(
            new long[] {reach}, new Scalar(fill), new TensorOptions(scalarType(meta.dtype())))
        .as_strided(meta.sizes(), strides);
  }

  private static long[] array(LongArrayRef ref) {
    long[] values = new long[(int) ref.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ref.at(i);
    }
    return values;
  }
}
