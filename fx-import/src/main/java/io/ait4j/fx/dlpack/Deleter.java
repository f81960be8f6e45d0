package io.ait4j.fx.dlpack;

import io.ait4j.fx.NativeCallback;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Deleters: ours for C to call, and others' for us to call. */
final class Deleter {
  private static final FunctionDescriptor TYPE = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);
  private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(TYPE);
  private static final MemorySegment VERSIONED = stub(DLPack.VERSIONED);
  private static final MemorySegment LEGACY = stub(DLPack.LEGACY);

  // What is handed out and not deleted yet, by the number in its structure.
  private static final Map<Long, Runnable> HANDED = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();

  private Deleter() {}

  static MemorySegment of(DLPack form) {
    return form == DLPack.VERSIONED ? VERSIONED : LEGACY;
  }

  static long remember(Runnable free) {
    long context = LAST.incrementAndGet();
    HANDED.put(context, free);
    return context;
  }

  static Runnable forget(long context) {
    return HANDED.remove(context);
  }

  static void call(MemorySegment deleter, MemorySegment managed) {
    try {
      CALL.invokeExact(deleter, managed);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(DLPack form, MemorySegment managed) {
    NativeCallback.run(() -> form.delete(managed));
  }

  private static MemorySegment stub(DLPack form) {
    try {
      MethodHandle delete =
          MethodHandles.lookup()
              .findStatic(
                  Deleter.class,
                  "delete",
                  MethodType.methodType(void.class, DLPack.class, MemorySegment.class))
              .bindTo(form);
      return Linker.nativeLinker().upcallStub(delete, TYPE, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
