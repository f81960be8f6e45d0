/**
 * The reader of TorchScript files, over libtorch.
 *
 * <p>{@link io.ait4j.fx.torchscript.TorchScriptReader} loads the file, copies libtorch's graphs
 * into records of its own, and runs them abstractly: what the input shapes decide is computed,
 * calls are followed, containers and modules are resolved, and what remains on tensors is written
 * to an {@link io.ait4j.fx.FxGraphBuilder}, by way of {@link io.ait4j.fx.memory}.
 *
 * <p>Sizes that the inputs leave open are symbols, and TorchScript's arithmetic on them stays
 * arithmetic. What the code takes for granted of them becomes a guard; sizes that turn out to be
 * one become one symbol, or multiples of another, and the model is read again with these; what
 * would take a size to be a constant is refused. A branch that sizes decide is decided, or kept
 * with both sides; an assertion on data is left out, as {@code torch.export} does.
 *
 * <p>A weight that the model turns out to write is an input and an output of the graph that is read
 * next, and so is an attribute that the model sets after it has read it.
 *
 * <p>libtorch's loader copies all weights to memory, so it gets an archive without them ({@link
 * io.ait4j.fx.archive.WeightlessArchive}); they are mapped from the file itself.
 */
package io.ait4j.fx.torchscript;
