/**
 * Compiles a supported subgraph to a self-contained shared library and runs it.
 *
 * <p>{@code io.ait4j.compiler.build} turns C++ sources into a library and caches it; {@link
 * io.ait4j.compiler.AitModule} loads one. The C side of both lies in this module's resources, under
 * {@code cpu/}: {@code model.h} is the contract with generated code, {@code ait4j.h} and {@code
 * aitemplate.h} are what a library exports.
 */
package io.ait4j.compiler;
