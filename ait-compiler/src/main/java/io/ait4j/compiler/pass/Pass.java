package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Program;

/** A step of the compiler: program in, program out, the same results computed. */
@FunctionalInterface
public interface Pass {
  Program run(Program program);
}
