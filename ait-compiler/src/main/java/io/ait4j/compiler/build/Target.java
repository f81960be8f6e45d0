package io.ait4j.compiler.build;

import io.ait4j.fx.ModelException;
import java.util.Arrays;
import java.util.List;

/** What a library is compiled for. */
public sealed interface Target permits CpuTarget, CudaTarget {
  /**
   * From its spelling on the command line: {@code cpu} (this machine's), {@code cpu:x86-64-v3},
   * {@code cuda} (this machine's), {@code cuda:sm_90a}, {@code cuda:sm_80,sm_90a}.
   *
   * @throws ModelException (USAGE) if it is none
   */
  static Target parse(String text) {
    if (text.equals("cpu")) {
      return CpuTarget.NATIVE;
    }
    if (text.startsWith("cpu:")) {
      return new CpuTarget(text.substring("cpu:".length()));
    }
    if (text.equals("cuda")) {
      return CudaTarget.ofThisMachine();
    }
    if (text.startsWith("cuda:")) {
      return new CudaTarget(List.copyOf(Arrays.asList(text.substring(5).split(",", -1))));
    }
    throw new ModelException(
        ModelException.Kind.USAGE,
        "no target '" + text + "'; use cpu, cpu:x86-64-v3, cuda, cuda:sm_90a or the like");
  }

  /** The processor for which code that is to run on a CPU is compiled, constants' folding too. */
  CpuTarget host();

  /** As {@link #parse} reads it. */
  String spelling();
}
