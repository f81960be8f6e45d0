/**
 * The compiler's intermediate representation. A {@link io.ait4j.compiler.ir.Program} is buffers and
 * kernels; a kernel is either generated ({@link io.ait4j.compiler.ir.LoopKernel}: scalar
 * expressions over iteration spaces) or hand-written and instantiated ({@link
 * io.ait4j.compiler.ir.TemplateKernel}: operands and an epilogue, which are scalar expressions
 * too). Views are index expressions in the loads and stores; a buffer's layout is its strides,
 * apart from its logical shape.
 */
package io.ait4j.compiler.ir;
