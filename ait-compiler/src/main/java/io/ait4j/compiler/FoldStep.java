package io.ait4j.compiler;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** An {@code ait4j_fold_step}, for C to call. */
final class FoldStep {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle CALL = call();

  private final LongConsumer done;
  private final Consumer<RuntimeException> failed;

  private FoldStep(LongConsumer done, Consumer<RuntimeException> failed) {
    this.done = done;
    this.failed = failed;
  }

  /**
   * @param failed hears what {@code done} throws, which cannot pass through C
   */
  static MemorySegment stub(LongConsumer done, Consumer<RuntimeException> failed, Arena arena) {
    return Linker.nativeLinker().upcallStub(CALL.bindTo(new FoldStep(done, failed)), TYPE, arena);
  }

  private void call(MemorySegment user, long step) {
    try {
      done.accept(step);
    } catch (RuntimeException e) {
      failed.accept(e);
    }
  }

  private static MethodHandle call() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              FoldStep.class,
              "call",
              MethodType.methodType(void.class, MemorySegment.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
