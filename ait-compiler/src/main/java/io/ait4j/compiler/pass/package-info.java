/**
 * Passes over the compiler's representation, in the order of {@link
 * io.ait4j.compiler.pass.Pipeline}. Fusions rest on one legality test ({@code Fusion}) and one cost
 * ({@code Cost}); none is about a pair of operators.
 */
package io.ait4j.compiler.pass;
