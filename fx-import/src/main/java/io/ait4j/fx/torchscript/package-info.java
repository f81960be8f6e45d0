/**
 * The reader of TorchScript files, over libtorch.
 *
 * <p>{@link io.ait4j.fx.torchscript.TorchScriptReader} loads the file, copies libtorch's graphs
 * into records of its own, and runs them abstractly: what the input shapes decide is computed,
 * calls are followed, containers and modules are resolved, and what remains on tensors is written
 * to an {@link io.ait4j.fx.FxGraphBuilder}, by way of {@link io.ait4j.fx.memory}.
 *
 * <p>libtorch's loader copies all weights to memory, so it gets an archive without them ({@link
 * io.ait4j.fx.archive.WeightlessArchive}); they are mapped from the file itself.
 */
package io.ait4j.fx.torchscript;
