/**
 * What is known of each operator without running it: the type of its results ({@link
 * io.ait4j.fx.rules.ShapeRules}), one rule for every operator of the core set.
 *
 * <p>The rules give dtype, shape and strides as PyTorch's CPU kernels yield them. libtorch is their
 * oracle in tests and is not needed here.
 */
package io.ait4j.fx.rules;
