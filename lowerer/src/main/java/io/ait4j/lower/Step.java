package io.ait4j.lower;

import io.ait4j.compiler.KernelProfile;
import io.ait4j.fx.ModelException;
import java.util.List;
import java.util.function.Consumer;

/** A loaded partition. */
interface Step extends AutoCloseable {
  /** What {@link #profile} calls the whole of a partition that is not compiled. */
  String WHOLE = "libtorch";

  /** Reads its inputs from {@code run} and puts its outputs there. Any threads at once. */
  void execute(Execution run);

  /** {@link #execute} that says what each kernel took. */
  default List<KernelProfile> profile(Execution run) {
    run.place().finish();
    long begin = System.nanoTime();
    execute(run);
    run.place().finish();
    return List.of(new KernelProfile(WHOLE, System.nanoTime() - begin, 0, 0, 0));
  }

  /** For {@link #check}: how many failures on a GPU have come to light. */
  default long failures() {
    return 0;
  }

  /**
   * Whether what it enqueued on a GPU, and is done, went well.
   *
   * @param before {@link #failures} before it was enqueued
   * @param told hears why if it did not
   * @return the failures that are told by now
   */
  default long check(long before, Consumer<ModelException> told) {
    return before;
  }

  /** Whether runs on a GPU may replay a recording of their launches. */
  default void setGraphs(boolean on) {}

  /** Bytes that it copied so far because a value did not have the strides it was compiled for. */
  long borderCopyBytes();

  @Override
  void close();
}
