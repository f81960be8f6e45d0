/**
 * The command line: one class for each subcommand, over the API in {@link io.ait4j.lower} and
 * {@link io.ait4j.lower.verify}.
 */
package io.ait4j.lower.cli;
