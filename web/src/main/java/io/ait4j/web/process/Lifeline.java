package io.ait4j.web.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Ends a worker process, and all that it started, when its server is gone. */
public final class Lifeline {
  private Lifeline() {}

  /** Reads {@code in} to its end on a thread of its own, and then ends this process's group. */
  public static void hold(InputStream in) {
    Thread thread =
        new Thread(
            () -> {
              try {
                in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                System.err.println("the server cannot be read from any more: " + e.getMessage());
              }
              Kernel.killGroup(ProcessHandle.current().pid());
            },
            "lifeline");
    thread.setDaemon(true);
    thread.start();
  }
}
