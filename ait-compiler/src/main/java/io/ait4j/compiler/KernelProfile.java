package io.ait4j.compiler;

/**
 * What a kernel took in one run, and what it had to do at least.
 *
 * @param name as in {@link CompileReport}
 * @param nanos time on the clock
 * @param flops slots of multiply-adds, two each; what is no multiply-add takes one all the same
 * @param bytes read and written at least, constants left out
 * @param constantBytes of constants read
 */
public record KernelProfile(String name, long nanos, long flops, long bytes, long constantBytes) {}
