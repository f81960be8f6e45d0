/**
 * Prints CUDA: each kernel as device code, which nvcc compiles alone, and the host function that
 * launches it, which is C++.
 *
 * <p>A loop kernel goes to the first schedule that fits it ({@code CudaLoopPrinter}): points by the
 * thread, transposes by the tile, planes that become pixels by the strip; reductions by groups of
 * threads along memory or by columns across it; rows in the registers of those that share them, or
 * else in shared memory. What lies side by side moves as vectors ({@code Strip}) where sizes,
 * strides and alignment allow it, which the host checks if only a run can tell; a scalar variant
 * serves otherwise.
 */
package io.ait4j.compiler.codegen.cuda;
