/**
 * C++ sources to a shared library. Builds are content-addressed: the same sources, headers, flags,
 * compiler and processor never compile twice.
 */
package io.ait4j.compiler.build;
