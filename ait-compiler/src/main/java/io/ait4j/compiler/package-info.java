/**
 * Compiles a supported subgraph to a self-contained shared library and runs it.
 *
 * <p>{@code io.ait4j.compiler.build} turns C++ sources into a library and caches it; {@link
 * io.ait4j.compiler.AitModule} loads one. The C side of both lies in this module's resources, under
 * {@code cpu/}: {@code model.h} is the contract with generated code, {@code ait4j.h} and {@code
 * aitemplate.h} are what a library exports.
 *
 * <p>{@code container.h} says how a run begins and ends, for CPUs and GPUs alike; what differs is
 * in {@code cpu_run.h} and {@code cuda_run.h}. Constants are sets that never change ({@code
 * generation.h}): a run takes the current one and keeps it until it is done, on a GPU until its
 * event has passed, and whoever changes constants makes the next. Runtimes, and the counts of runs
 * on each set, have one lock that is held for moments; changes have another, held while they take.
 *
 * <p>Sizes may be symbols of the graph, with bounds: one library serves the whole range. A run gets
 * the symbols' values ({@code AitModule.run}), checks them, and everything that depends on them,
 * the memory plan included, is computed from them by generated code; what is known stays a number
 * in it. An operator that cannot work for every size of the range is refused, by name of the size.
 */
package io.ait4j.compiler;
