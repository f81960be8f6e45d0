package io.ait4j.lower.cli;

import io.ait4j.fx.ModelException;

/** What the process says when it ends. */
public enum ExitCode {
  /** All went well. */
  OK(0),
  /** A model does not agree with its recorded outputs, or did not get as far as that. */
  VERIFICATION_FAILED(1),
  /** Wrong use: options, input shapes and dtypes, names. */
  USAGE(2),
  /** A model, sample or {@code .aitm} file cannot be read or imported. */
  IMPORT(3),
  /** A partition cannot be compiled. */
  COMPILE(4),
  /** The module failed while running. */
  RUN(5),
  /** A file or folder cannot be written. */
  IO(6),
  /** A defect of ait4j: {@code --debug} shows where. */
  INTERNAL(70);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number. */
  public int code() {
    return code;
  }

  static ExitCode of(Throwable failure) {
    return failure instanceof ModelException e
        ? switch (e.kind()) {
          case USAGE -> USAGE;
          case IMPORT -> IMPORT;
          case COMPILE -> COMPILE;
          case RUN -> RUN;
          case IO -> IO;
        }
        : INTERNAL;
  }
}
