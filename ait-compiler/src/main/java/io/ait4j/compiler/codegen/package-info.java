/**
 * What the printers of all targets share: expressions, index arithmetic, parameters, the tables of
 * a library. {@code cpu} and {@code cuda} print whole programs with it.
 */
package io.ait4j.compiler.codegen;
