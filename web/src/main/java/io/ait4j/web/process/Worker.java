package io.ait4j.web.process;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** What a worker process does. It has a public constructor without parameters. */
public interface Worker {
  /**
   * Does it. When {@code in} ends, the server is gone: a worker that does not read it hands it to
   * {@link Lifeline#hold}. What others print, {@code System.out} included, goes to the log.
   *
   * @param in what the server writes to {@link WorkerProcess#in}
   * @param out what the server reads from {@link WorkerProcess#out}; native code may print there
   *     too
   */
  void run(List<String> arguments, InputStream in, PrintStream out) throws Exception;
}
