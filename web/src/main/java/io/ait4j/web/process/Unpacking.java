package io.ait4j.web.process;

import io.ait4j.fallback.TorchModule;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Loads libtorch, which unpacks it. */
public final class Unpacking implements Worker {
  @Override
  public void run(List<String> arguments, InputStream in, PrintStream out) {
    Lifeline.hold(in);
    TorchModule.loadLibtorch();
  }
}
