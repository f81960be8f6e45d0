package io.ait4j.compiler.build;

/** Hears how far the building of a library is, on the thread that builds it. */
@FunctionalInterface
public interface BuildProgress {
  /** Whoever does not listen. */
  BuildProgress NONE = (compiled, files) -> {};

  /** So many of a library's source files are compiled, those included that were before. */
  void compiled(int compiled, int files);
}
