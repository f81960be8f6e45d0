package io.ait4j.web.process;

import io.ait4j.fallback.TorchModule;
import io.ait4j.fx.ModelException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Loads libtorch, if it is there, which unpacks it. */
public final class Unpacking implements Worker {
  @Override
  public void run(List<String> arguments, InputStream in, PrintStream out) {
    Lifeline.hold(in);
    try {
      TorchModule.loadLibtorch();
    } catch (LinkageError | ModelException e) { // whoever needs it says that it is missing
      System.err.println("libtorch is not there: " + e);
    }
  }
}
