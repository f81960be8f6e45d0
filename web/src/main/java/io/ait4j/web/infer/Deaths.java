package io.ait4j.web.infer;

import io.ait4j.web.process.WorkerExit;

/** How a worker's end is told to those who had a request in it. */
final class Deaths {
  private Deaths() {}

  static String say(WorkerExit exit) {
    return switch (exit.reason()) {
      case MEMORY -> "it wanted more memory than a worker may take";
      case DISK -> "it wanted more disk than a worker may take";
      case TIME, KILLED -> "it took longer than a worker may, and was killed";
      case DONE, CRASH -> "it died by itself, with code " + exit.code();
    };
  }
}
