package io.ait4j.compiler;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.fx.Device;
import io.ait4j.fx.Dim;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorMeta;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One side of a call in C's layout, an array of {@code ait4j_tensor}, laid out once: a call only
 * writes pointers, sizes and strides.
 */
final class CallFrame {
  private static final long TENSOR_BYTES = 40;

  private final String side;
  private final Device device;
  private final List<TensorSpec> specs;
  private final MemorySegment tensors;
  private final MemorySegment[] sizes;
  private final MemorySegment[] strides;

  /**
   * @param device where the library runs
   */
  CallFrame(String side, List<TensorSpec> specs, Device device, Arena arena) {
    this.side = side;
    this.device = device;
    this.specs = specs;
    sizes = new MemorySegment[specs.size()];
    strides = new MemorySegment[specs.size()];
    tensors = arena.allocate(Math.max(1, specs.size()) * TENSOR_BYTES, 8);
    for (int i = 0; i < specs.size(); i++) {
      int rank = specs.get(i).meta().rank();
      sizes[i] = arena.allocate(Math.max(1, rank) * 8L, 8);
      strides[i] = arena.allocate(Math.max(1, rank) * 8L, 8);
      long at = i * TENSOR_BYTES;
      tensors.set(JAVA_INT, at + 8, specs.get(i).meta().dtype().code());
      tensors.set(JAVA_INT, at + 12, rank);
      tensors.set(ADDRESS, at + 16, sizes[i]);
      tensors.set(ADDRESS, at + 24, strides[i]);
    }
  }

  MemorySegment tensors() {
    return tensors;
  }

  long count() {
    return specs.size();
  }

  /**
   * Makes the frame say these tensors.
   *
   * @throws ModelException if their number, types or memory are not what the library takes
   */
  void set(List<NativeTensor> given) {
    if (given.size() != specs.size()) {
      throw usage("expected " + specs.size() + " " + side + "s, got " + given.size());
    }
    for (int i = 0; i < given.size(); i++) {
      NativeTensor tensor = given.get(i);
      check(i, tensor);
      tensors.set(JAVA_LONG, i * TENSOR_BYTES, tensor.address());
      tensors.set(JAVA_INT, i * TENSOR_BYTES + 32, tensor.device().kind().code());
      tensors.set(JAVA_INT, i * TENSOR_BYTES + 36, tensor.device().index());
      int rank = tensor.sizes().length;
      MemorySegment.copy(tensor.sizes(), 0, sizes[i], JAVA_LONG, 0, rank);
      MemorySegment.copy(tensor.strides(), 0, strides[i], JAVA_LONG, 0, rank);
    }
  }

  private void check(int i, NativeTensor tensor) {
    TensorSpec spec = specs.get(i);
    if (tensor.dtype() != spec.meta().dtype() || !fits(spec.meta().shape(), tensor.sizes())) {
      throw usage(
          side
              + " "
              + i
              + " ("
              + spec.name()
              + "): expected "
              + TensorMeta.contiguous(spec.meta().dtype(), spec.meta().shape())
              + ", got "
              + TensorMeta.contiguous(tensor.dtype(), tensor.sizes()));
    }
    if (!tensor.device().isCpu() && !tensor.device().equals(device)) {
      throw usage(
          "%s %d (%s) is on %s, and the library runs on %s"
              .formatted(side, i, spec.name(), tensor.device(), device));
    }
    if (tensor.device().isCpu() && !tensor.data().isNative() && tensor.data().byteSize() > 0) {
      throw usage(side + " " + i + " (" + spec.name() + ") is on the Java heap");
    }
    if (!tensor.isAlive()) {
      throw usage(side + " " + i + " (" + spec.name() + "): its memory has been freed");
    }
  }

  /** Sizes that differ from run to run are checked by the library, which knows how they relate. */
  private static boolean fits(List<Dim> shape, long[] sizes) {
    boolean same = shape.size() == sizes.length;
    for (int d = 0; same && d < sizes.length; d++) {
      same = !shape.get(d).isConst() || shape.get(d).is(sizes[d]);
    }
    return same;
  }

  private static ModelException usage(String message) {
    return new ModelException(ModelException.Kind.USAGE, message);
  }
}
