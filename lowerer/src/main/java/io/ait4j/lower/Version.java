package io.ait4j.lower;

/** The version of ait4j. */
public final class Version {
  /** As the build has it, without what marks a version that is not released. */
  public static final String NUMBER = "0.1.0";

  private Version() {}
}
