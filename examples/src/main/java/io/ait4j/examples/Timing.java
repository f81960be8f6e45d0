package io.ait4j.examples;

/**
 * A contender's result.
 *
 * @param latencies of its timed inferences
 * @param cores the process's CPU time during them, over their wall time: shows whether a contender
 *     kept to its number of threads
 */
record Timing(Latencies latencies, double cores) {}
