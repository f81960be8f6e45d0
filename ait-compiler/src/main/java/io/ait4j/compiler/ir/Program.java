package io.ait4j.compiler.ir;

import io.ait4j.fx.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The compiler's view of a partition: buffers, and kernels in an order of execution. Immutable; a
 * pass makes a new one.
 *
 * @param inputs buffers passed in, in the partition's order
 * @param outputs buffers written out, in the partition's order
 * @param symbols the graph's, on which sizes may depend, in the order in which a run gets their
 *     values; empty if all sizes are known
 */
public record Program(
    Map<String, Buffer> buffers,
    List<Kernel> kernels,
    List<String> inputs,
    List<String> outputs,
    List<Dim.Symbol> symbols) {
  public Program {
    buffers = Collections.unmodifiableMap(new LinkedHashMap<>(buffers));
    kernels = List.copyOf(kernels);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    symbols = List.copyOf(symbols);
  }

  public Buffer buffer(String name) {
    Buffer buffer = buffers.get(name);
    if (buffer == null) {
      throw new IllegalStateException("no buffer " + name);
    }
    return buffer;
  }

  /** Kernels that read each buffer. */
  public Map<String, List<Kernel>> readers() {
    Map<String, List<Kernel>> readers = new HashMap<>();
    kernels.forEach(
        k -> k.reads().forEach(b -> readers.computeIfAbsent(b, x -> new ArrayList<>()).add(k)));
    return readers;
  }

  /** Kernels that write each buffer; concatenations have several. */
  public Map<String, List<Kernel>> writers() {
    Map<String, List<Kernel>> writers = new HashMap<>();
    kernels.forEach(
        k -> k.writes().forEach(b -> writers.computeIfAbsent(b, x -> new ArrayList<>()).add(k)));
    return writers;
  }

  public Program withKernels(List<Kernel> newKernels) {
    return new Program(buffers, newKernels, inputs, outputs, symbols);
  }

  public Program withBuffers(Map<String, Buffer> newBuffers) {
    return new Program(newBuffers, kernels, inputs, outputs, symbols);
  }

  /**
   * Whether a kernel reads constants alone, of sizes that are known, so that it can run once when
   * the library is built.
   */
  public boolean isConstant(Kernel kernel) {
    return kernel.reads().stream().allMatch(name -> buffer(name).isConstant())
        && Sizes.symbols(this, kernel).isEmpty();
  }
}
