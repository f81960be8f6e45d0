/**
 * Passes over the compiler's representation, in the order of {@link
 * io.ait4j.compiler.pass.Pipeline}. Fusions rest on one legality test ({@code Fusion}) and one cost
 * ({@code Cost}); none is about a pair of operators. Passes that recognise what people write out
 * (attention, activations, rolls) look at the program late, when views have become index maps and
 * chains one expression, so that one form stands for many spellings. Every pass but those that
 * layouts and packing need can be left out, and results stay the same.
 */
package io.ait4j.compiler.pass;
