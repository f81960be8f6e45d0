package io.ait4j.compiler.build;

import io.ait4j.compiler.ir.Header;
import java.util.Map;
import java.util.Set;

/**
 * A printed program.
 *
 * @param host C++ files by name, ending in {@code .cpp}; compilers start in the map's order
 * @param device CUDA files by name, ending in {@code .cu}, that hold device code only; empty for
 *     CPUs
 * @param functions for each launch of a run, by the kernel's name, what its device functions' names
 *     begin with; empty for CPUs
 * @param headers of operators from elsewhere, which the files include beside ours
 */
public record Sources(
    Map<String, String> host,
    Map<String, String> device,
    Map<String, String> functions,
    Set<Header> headers) {}
