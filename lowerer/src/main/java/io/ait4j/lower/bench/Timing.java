package io.ait4j.lower.bench;

import java.util.Optional;

/**
 * A contender's result.
 *
 * @param latencies of its timed inferences
 * @param cpuMillis the process's CPU time for one of them, on average: shows whether a contender
 *     kept to its number of threads, and suffers less than latency from a busy machine
 * @param device their times by a GPU's own clock; empty on the CPU
 */
record Timing(Latencies latencies, double cpuMillis, Optional<Latencies> device) {}
