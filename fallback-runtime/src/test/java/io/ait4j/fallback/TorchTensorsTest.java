package io.ait4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ait4j.fx.DType;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.dlpack.DLPack;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class TorchTensorsTest {
  private final TorchTensors exchange = new TorchTensors();
  private final AtomicInteger freed = new AtomicInteger();

  private static float[] values(Tensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    try (Tensor plain = tensor.contiguous();
        FloatPointer data = plain.data_ptr_float()) {
      data.get(values);
    }
    return values;
  }

  private static NativeTensor columns(Arena arena) {
    return new NativeTensor(
        DType.FLOAT32,
        new long[] {2, 3},
        new long[] {1, 2},
        arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0, 1, 2, 3, 4, 5));
  }

  @Test
  void aTensorOfTheirsIsSeenWhereItLies() {
    try (Tensor all = torch.arange(new org.bytedeco.pytorch.Scalar(6f)).view(2, 3);
        Tensor columns = all.t()) {
      NativeTensor seen = exchange.view(columns);
      assertThat(seen.sizes()).containsExactly(3, 2);
      assertThat(seen.strides()).containsExactly(1, 3);
      assertThat(seen.address()).isEqualTo(all.data_ptr().address());
    }
  }

  @Test
  void memoryThatIsHandedOverIsFreedWithTheLastTensorOverIt() {
    try (Arena arena = Arena.ofShared()) {
      Tensor whole = exchange.hand(columns(arena), freed::incrementAndGet);
      Tensor row = whole.select(0, 1);
      assertThat(values(whole)).containsExactly(0, 2, 4, 1, 3, 5);
      whole.close();
      assertThat(freed).hasValue(0);
      assertThat(values(row)).containsExactly(1, 3, 5);
      row.close();
      assertThat(freed).hasValue(1);
    }
  }

  @Test
  void manyAreHandedOverAndFreedOnAnyThread() throws InterruptedException {
    Tensor[] handed = new Tensor[50];
    try (Arena arena = Arena.ofShared();
        PointerScope scope = new PointerScope()) {
      for (int i = 0; i < handed.length; i++) {
        handed[i] = exchange.hand(columns(arena), freed::incrementAndGet);
        handed[i].retainReference();
      }
    }
    Thread thread =
        new Thread(
            () -> {
              for (Tensor tensor : handed) {
                exchange.release(tensor);
              }
            });
    thread.start();
    thread.join();
    assertThat(freed).hasValue(50);
  }

  private void freeAndFail() {
    freed.incrementAndGet();
    throw new IllegalStateException("thrown by a test");
  }

  @Test
  void whatFailsWhenItIsFreedEndsNothing() {
    NativeTensor empty =
        NativeTensor.contiguous(DType.INT64, new long[] {0, 3}, MemorySegment.NULL);
    try (Arena arena = Arena.ofShared()) {
      exchange.hand(columns(arena), this::freeAndFail).close();
      exchange.hand(empty, this::freeAndFail).close();
    }
    assertThat(freed).hasValue(2);
  }

  @Test
  void anEmptyTensorIsFreedAtOnce() {
    NativeTensor empty =
        NativeTensor.contiguous(DType.INT64, new long[] {0, 3}, MemorySegment.NULL);
    try (Tensor tensor = exchange.hand(empty, freed::incrementAndGet)) {
      assertThat(freed).hasValue(1);
      assertThat(tensor.size(1)).isEqualTo(3);
    }
  }

  @Test
  void whatCannotBeSharedIsRefused() {
    try (Arena arena = Arena.ofShared()) {
      NativeTensor tensor = columns(arena);
      try (Tensor first = exchange.hand(tensor, freed::incrementAndGet)) {
        assertThatThrownBy(() -> exchange.hand(tensor, freed::incrementAndGet))
            .isInstanceOf(ModelException.class)
            .hasMessageContaining("share its memory with another");
      }
      assertThat(freed).hasValue(1);
    }
    NativeTensor onHeap =
        NativeTensor.of(DType.FLOAT32, new long[] {1}, FloatBuffer.wrap(new float[1]));
    assertThatThrownBy(() -> exchange.hand(onHeap, freed::incrementAndGet))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Java heap");
    try (Tensor dense = torch.ones(2, 2);
        Tensor sparse = dense.to_sparse();
        Tensor undefined = new Tensor()) {
      assertThatThrownBy(() -> exchange.view(sparse))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("sparse");
      assertThatThrownBy(() -> exchange.view(undefined))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("undefined");
    }
  }

  /** libtorch's own writer of DLPack, which JavaCPP does not bind, against our reader. */
  @Test
  void readsWhatLibtorchWritesAsDLPack() throws Throwable {
    String library = Path.of(Loader.load(torch.class)).resolveSibling("libtorch_cpu.so").toString();
    try (Arena arena = Arena.ofShared();
        Tensor tensor = torch.ones(new long[] {4, 3}).cumsum(0);
        Tensor columns = tensor.slice(0, opt(1), opt(4), 1).t()) {
      MemorySegment writer =
          SymbolLookup.libraryLookup(library, arena)
              .findOrThrow("_ZN2at17toDLPackVersionedERKNS_6TensorE");
      MemorySegment managed =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(
                      writer, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                  .invokeExact(MemorySegment.ofAddress(columns.address()));
      long before = columns.use_count();
      try (Arena receiver = Arena.ofConfined()) {
        NativeTensor taken = DLPack.VERSIONED.take(managed, receiver);
        assertThat(taken.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(taken.sizes()).containsExactly(3, 3);
        assertThat(taken.strides()).containsExactly(1, 3);
        assertThat(taken.address()).isEqualTo(columns.data_ptr().address());
        assertThat(taken.data().getAtIndex(ValueLayout.JAVA_FLOAT, 3)).isEqualTo(3);
      }
      assertThat(columns.use_count()).isLessThan(before);
    }
  }

  private static org.bytedeco.pytorch.LongOptional opt(long value) {
    return new org.bytedeco.pytorch.LongOptional(value);
  }
}
