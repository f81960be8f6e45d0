package io.ait4j.lower;

/** A loaded partition. */
interface Step extends AutoCloseable {
  /** Reads its inputs from {@code run} and puts its outputs there. Any threads at once. */
  void execute(Execution run);

  /** Bytes that it copied so far because a value did not have the strides it was compiled for. */
  long borderCopyBytes();

  @Override
  void close();
}
