package io.ait4j.compiler.build;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ait4j.fx.ModelException;
import java.nio.file.Path;

/** The CUDA compiler that conversions use, for tests of machines that have one. */
public final class CudaCompiler {
  private CudaCompiler() {}

  /**
   * Its executable; skips the test where there is none, and fails it if what is there is broken.
   */
  public static String assumed(Path folder) {
    try {
      return CudaToolkit.find(System::getenv, CxxCompiler.find(System::getenv), folder).nvcc();
    } catch (ModelException e) {
      assumeTrue(!e.getMessage().startsWith("no CUDA compiler"), e.getMessage());
      throw e;
    }
  }
}
