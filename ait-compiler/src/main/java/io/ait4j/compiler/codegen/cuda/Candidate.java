package io.ait4j.compiler.codegen.cuda;

import java.util.function.Supplier;

/**
 * One of the ways to compute a template kernel.
 *
 * @param tile tells it from the others, for people too
 * @param expectedMicros what the cost model makes of it
 * @param text prints the kernel computed so
 */
public record Candidate(String tile, double expectedMicros, Supplier<CudaKernelText> text) {}
