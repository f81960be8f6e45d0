package io.ait4j.fx;

/** What native code calls back: an exception that went through its frames would end the process. */
public final class NativeCallback {
  private NativeCallback() {}

  /** Runs {@code work}; what it throws goes to the thread's handler of uncaught exceptions. */
  public static void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) {
      tell(e);
    }
  }

  private static void tell(Throwable e) {
    try {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    } catch (Throwable ignored) {
      // as the virtual machine does with exceptions of a handler
    }
  }
}
