/**
 * From ATen operators to the compiler's representation: one {@link
 * io.ait4j.compiler.convert.Converter} of a few lines for each operator, grouped by family. A
 * converter emits unfused kernels; making them fast is the passes' work.
 */
package io.ait4j.compiler.convert;
