package io.ait4j.compiler.convert;

/** A node that its converter does not take, with the reason that the partition plan shows. */
public final class UnsupportedNodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnsupportedNodeException(String reason) {
    super(reason, null, false, false);
  }
}
