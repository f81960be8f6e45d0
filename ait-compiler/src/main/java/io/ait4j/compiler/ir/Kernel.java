package io.ait4j.compiler.ir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One launch: a function of the generated library. */
public sealed interface Kernel permits LoopKernel, TemplateKernel, FunctionKernel, PackKernel {
  String name();

  /** Nodes of the source graph that this kernel computes, in their order. */
  List<String> origins();

  /** Buffers it reads, those private to it excluded. */
  Set<String> reads();

  /** Buffers it writes, those private to it excluded. */
  Set<String> writes();

  /** Reads and writes. */
  default Set<String> buffers() {
    Set<String> all = new LinkedHashSet<>(reads());
    all.addAll(writes());
    return all;
  }
}
