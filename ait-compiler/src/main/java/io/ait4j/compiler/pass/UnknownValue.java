package io.ait4j.compiler.pass;

/** Says that a value cannot be told before a run, or not exactly enough. */
final class UnknownValue extends RuntimeException {
  UnknownValue() {
    super(null, null, false, false);
  }
}
