package io.ait4j.web.process;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The second program of a worker process, which does its work. */
public final class WorkerMain {
  /** The exit code of a worker that threw. */
  static final int THREW = 70;

  private WorkerMain() {}

  /** Takes whether it may start programs, the worker's class, and the worker's arguments. */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            false,
            StandardCharsets.UTF_8);
    System.setOut(System.err);
    int code = THREW;
    try {
      if (!Boolean.parseBoolean(arguments[0])) {
        new SyscallFilter().denyPrograms().install();
      }
      Worker worker =
          Class.forName(arguments[1]).asSubclass(Worker.class).getConstructor().newInstance();
      worker.run(Arrays.asList(arguments).subList(2, arguments.length), System.in, out);
      out.flush();
      code = 0;
    } catch (OutOfMemoryError e) {
      code = WorkerProcess.OUT_OF_MEMORY;
    } catch (Throwable e) {
      e.printStackTrace();
    }
    System.err.flush();
    Runtime.getRuntime().halt(code); // libtorch's own exit handlers may hang or crash
  }
}
