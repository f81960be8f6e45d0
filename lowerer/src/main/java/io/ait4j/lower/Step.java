package io.ait4j.lower;

import io.ait4j.compiler.KernelProfile;
import java.util.List;

/** A loaded partition. */
interface Step extends AutoCloseable {
  /** What {@link #profile} calls the whole of a partition that is not compiled. */
  String WHOLE = "libtorch";

  /** Reads its inputs from {@code run} and puts its outputs there. Any threads at once. */
  void execute(Execution run);

  /** {@link #execute} that says what each kernel took. */
  default List<KernelProfile> profile(Execution run) {
    long begin = System.nanoTime();
    execute(run);
    return List.of(new KernelProfile(WHOLE, System.nanoTime() - begin, 0, 0, 0));
  }

  /** Bytes that it copied so far because a value did not have the strides it was compiled for. */
  long borderCopyBytes();

  @Override
  void close();
}
