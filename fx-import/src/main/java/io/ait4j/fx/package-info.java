/**
 * The graph that every reader yields and every later step works on: functional core ATen, typed
 * ({@link io.ait4j.fx.FxGraph}).
 *
 * <p>A value is known by its name; a {@link io.ait4j.fx.FxNode} refers to others through {@link
 * io.ait4j.fx.Arg.Value}. Sizes, strides and, in the compiler, indices are {@link
 * io.ait4j.fx.Dim}s. Nothing here needs libtorch; the TorchScript reader in {@code
 * io.ait4j.fx.torchscript} does.
 */
package io.ait4j.fx;
