/**
 * The reader of {@code torch.export} archives ({@code .pt2}), without libtorch.
 *
 * <p>{@link io.ait4j.fx.export.ExportReader} opens the archive, parses the program's JSON into
 * records that mirror its schema ({@code ExportedProgram}), maps the weights, and writes the nodes
 * one by one to an {@link io.ait4j.fx.FxGraphBuilder}, by way of {@link io.ait4j.fx.memory}, since
 * programs exported for training write in place. Sizes that depend on the inputs are expressions in
 * sympy's notation ({@code SymbolicText}); they become {@link io.ait4j.fx.Dim}s at once, and the
 * nodes that compute them vanish.
 */
package io.ait4j.fx.export;
