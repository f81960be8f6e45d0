package io.ait4j.fx.dlpack;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ait4j.fx.ArenaMemory;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.NativeHeap;
import io.ait4j.fx.NativeTensor;
import io.ait4j.fx.TensorExchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tensors by the address of a managed DLPack structure, whose deleter its owner calls once.
 *
 * <p>{@link #view} looks at a tensor that stays its owner's; {@link #take} makes an arena its
 * owner; {@link #hand} makes a structure whose receiver owns the memory, and whose deleter may be
 * called on any thread. On a GPU the work that fills the tensor must be done, or be in the order of
 * the stream that the receiver uses.
 */
public enum DLPack implements TensorExchange<MemorySegment> {
  /** {@code DLManagedTensorVersioned}, of DLPack 1.0 and later. */
  VERSIONED(80, 32, 8, 16),
  /** {@code DLManagedTensor}, of earlier ones: it cannot say that memory is read-only. */
  LEGACY(64, 0, 48, 56);

  private static final int MAJOR = 1;
  private static final int MINOR = 1;
  private static final long FLAGS = 24;
  private static final long READ_ONLY = 1;

  private final long bytes;
  private final long tensorAt;
  private final long contextAt;
  private final long deleterAt;

  DLPack(long bytes, long tensorAt, long contextAt, long deleterAt) {
    this.bytes = bytes;
    this.tensorAt = tensorAt;
    this.contextAt = contextAt;
    this.deleterAt = deleterAt;
  }

  /**
   * A tensor as we see it, which is its owner's still; read-only where the owner says so.
   *
   * @param managed the structure's address
   * @throws ModelException (USAGE) if it is of another major version, on a device that is neither
   *     the host nor an NVIDIA GPU, of an element type that we lack, or has negative strides, or
   *     begins on a GPU in the middle of an element
   */
  @Override
  public NativeTensor view(MemorySegment managed) {
    MemorySegment structure = structure(managed);
    if (this == LEGACY) {
      return TensorStruct.read(structure, false);
    }
    int major = structure.get(JAVA_INT, 0);
    if (major != MAJOR) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          "a DLPack tensor of version %d.%d cannot be read; ask its producer for version %d"
              .formatted(major, structure.get(JAVA_INT, 4), MAJOR));
    }
    return TensorStruct.read(
        structure.asSlice(tensorAt), (structure.get(JAVA_LONG, FLAGS) & READ_ONLY) != 0);
  }

  /**
   * Takes a tensor over: its deleter is called when the arena is closed, or at once if this fails.
   *
   * @param arena a shared or automatic one, unless only its thread uses the tensor
   * @throws ModelException (USAGE) as {@link #view} does, or if the arena is closed, or another
   *     thread's
   */
  public NativeTensor take(MemorySegment managed, Arena arena) {
    MemorySegment structure = structure(managed);
    NativeTensor tensor;
    try {
      tensor = view(structure);
    } catch (RuntimeException e) {
      release(structure);
      throw e;
    }
    MemorySegment memory =
        ArenaMemory.of(
            tensor.address(),
            tensor.device().isCpu() ? tensor.reachBytes() : 0,
            arena,
            () -> release(structure));
    return new NativeTensor(
        tensor.dtype(),
        tensor.sizes(),
        tensor.strides(),
        tensor.isReadOnly() ? memory.asReadOnly() : memory,
        tensor.device());
  }

  /**
   * A structure over our memory, whose receiver calls its deleter.
   *
   * @throws ModelException (USAGE) if the memory is on the Java heap, or read-only and this is
   *     {@link #LEGACY}
   */
  @Override
  public MemorySegment hand(NativeTensor tensor, Runnable free) {
    if (tensor.isOnHeap()) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          tensor + " is on the Java heap and cannot be given as DLPack; copy it to native memory");
    }
    if (tensor.isReadOnly() && this == LEGACY) {
      throw new ModelException(
          ModelException.Kind.USAGE,
          tensor + " is read-only, which DLPack says from version 1.0 on; use DLPack.VERSIONED");
    }
    MemorySegment structure = NativeHeap.allocate(bytes + TensorStruct.shapeBytes(tensor));
    structure.fill((byte) 0);
    if (this == VERSIONED) {
      structure.set(JAVA_INT, 0, MAJOR);
      structure.set(JAVA_INT, 4, MINOR);
      structure.set(JAVA_LONG, FLAGS, tensor.isReadOnly() ? READ_ONLY : 0);
    }
    TensorStruct.write(tensor, structure.asSlice(tensorAt), structure.asSlice(bytes));
    structure.set(ADDRESS, deleterAt, Deleter.of(this));
    structure.set(JAVA_LONG, contextAt, Deleter.remember(free));
    return structure.reinterpret(bytes);
  }

  /** Calls the deleter of a tensor, of whoever made it. */
  @Override
  public void release(MemorySegment managed) {
    MemorySegment structure = structure(managed);
    MemorySegment deleter = structure.get(ADDRESS, deleterAt);
    if (deleter.address() != 0) { // a producer may have nothing to free
      Deleter.call(deleter, structure);
    }
  }

  private MemorySegment structure(MemorySegment managed) {
    if (managed.address() == 0) {
      throw new ModelException(ModelException.Kind.USAGE, "the DLPack tensor is null");
    }
    return managed.byteSize() >= bytes ? managed : managed.reinterpret(bytes);
  }

  /** What the deleter of our own structure does. */
  void delete(MemorySegment managed) {
    MemorySegment structure = managed.reinterpret(bytes);
    long context = structure.get(JAVA_LONG, contextAt);
    NativeHeap.free(structure);
    Deleter.forget(context).run();
  }
}
