/**
 * Prints CUDA: each kernel as device code, which nvcc compiles alone, and the host function that
 * launches it, which is C++.
 */
package io.ait4j.compiler.codegen.cuda;
