/**
 * The compiler's intermediate representation. A {@link io.ait4j.compiler.ir.Program} is buffers and
 * kernels; a kernel is either generated ({@link io.ait4j.compiler.ir.LoopKernel}: scalar
 * expressions over iteration spaces) or hand-written and instantiated ({@link
 * io.ait4j.compiler.ir.TemplateKernel}: operands and an epilogue, which are scalar expressions
 * too). Views are index expressions in the loads and stores; a buffer's layout is its strides,
 * apart from its logical shape.
 *
 * <p>Sizes, strides and indices are {@link io.ait4j.fx.Dim}s. A symbol with an extent is a loop
 * variable, one without is the graph's and has one value in a run ({@link
 * io.ait4j.compiler.ir.Sizes}); whatever mentions one is no constant. What holds for every value
 * within the bounds may be relied on; estimates ({@link io.ait4j.fx.LikelySizes}) may only decide
 * about speed.
 */
package io.ait4j.compiler.ir;
