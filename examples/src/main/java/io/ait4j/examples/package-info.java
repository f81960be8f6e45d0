/**
 * Programs to copy: {@link io.ait4j.examples.ConvertAndRun} converts a model and runs it, {@link
 * io.ait4j.examples.Bench} times it beside other runtimes.
 *
 * <p>Each runtime that is timed is one {@code Contender}; {@code RoundRobin} takes them in turn, so
 * that a change in the machine's load meets all of them.
 */
package io.ait4j.examples;
