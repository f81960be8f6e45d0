/**
 * Times models here and in other runtimes. Each runtime with a model in it is one {@code
 * Contender}; {@code RoundRobin} takes them in turn, so that a change in the machine's load meets
 * all of them; {@link io.ait4j.lower.bench.Benchmark} lets nobody compete who computes something
 * else.
 *
 * <p>ONNX Runtime is an optional dependency that only this package names, and loads only if asked.
 */
package io.ait4j.lower.bench;
