package io.ait4j.lower.cli;

import java.util.concurrent.Callable;

/**
 * A command that another jar brings, found by {@link java.util.ServiceLoader}. Its class has
 * picocli's {@code @Command}; it returns the process's exit code, and its {@link
 * io.ait4j.fx.ModelException}s become messages and codes as those of our own commands do.
 */
public interface Subcommand extends Callable<Integer> {}
