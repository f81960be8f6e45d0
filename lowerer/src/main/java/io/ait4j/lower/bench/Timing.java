package io.ait4j.lower.bench;

/**
 * A contender's result.
 *
 * @param latencies of its timed inferences
 * @param cpuMillis the process's CPU time for one of them, on average: shows whether a contender
 *     kept to its number of threads, and suffers less than latency from a busy machine
 */
record Timing(Latencies latencies, double cpuMillis) {}
