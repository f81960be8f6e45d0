/**
 * From scheduled program to C++ text for CPUs. Names are of our own making throughout, and equal
 * kernels are printed once.
 */
package io.ait4j.compiler.codegen.cpu;
