/**
 * Chooses the tiles of hand-written kernels: by timing candidates where a GPU of the target is at
 * hand, by the cost model elsewhere. {@code KernelSelector} decides, {@code GpuTimer} times, {@code
 * TimeCache} remembers.
 */
package io.ait4j.compiler.select;
