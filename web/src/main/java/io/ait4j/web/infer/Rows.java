package io.ait4j.web.infer;

import io.ait4j.fx.NativeTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Tensors by their rows, which their first size counts. */
final class Rows {
  private Rows() {}

  /** Some rows of a tensor, where they lie. */
  static NativeTensor of(NativeTensor tensor, long from, long count) {
    long[] sizes = tensor.sizes().clone();
    sizes[0] = count;
    MemorySegment data = tensor.data();
    long skipped = from * tensor.strides()[0] * tensor.dtype().bytes();
    return new NativeTensor(
        tensor.dtype(), sizes, tensor.strides(), data.asSlice(Math.min(skipped, data.byteSize())));
  }

  /** The same rows of each. */
  static List<NativeTensor> of(List<NativeTensor> tensors, long from, long count) {
    return tensors.stream().map(tensor -> of(tensor, from, count)).toList();
  }

  /**
   * The rows of all requests one after the other, for each input.
   *
   * @param requests in row-major order; they differ in the number of rows only
   */
  static List<NativeTensor> join(List<List<NativeTensor>> requests, Arena arena) {
    List<NativeTensor> joined = new ArrayList<>();
    for (int input = 0; input < requests.getFirst().size(); input++) {
      joined.add(join(requests, input, arena));
    }
    return joined;
  }

  private static NativeTensor join(List<List<NativeTensor>> requests, int input, Arena arena) {
    NativeTensor first = requests.getFirst().get(input);
    long[] sizes = first.sizes().clone();
    sizes[0] = requests.stream().mapToLong(request -> request.get(input).sizes()[0]).sum();
    long bytes = requests.stream().mapToLong(request -> request.get(input).data().byteSize()).sum();
    MemorySegment data = arena.allocate(Math.max(1, bytes), 64);
    long at = 0;
    for (List<NativeTensor> request : requests) {
      MemorySegment rows = request.get(input).data();
      MemorySegment.copy(rows, 0, data, at, rows.byteSize());
      at += rows.byteSize();
    }
    return NativeTensor.contiguous(first.dtype(), sizes, data);
  }
}
