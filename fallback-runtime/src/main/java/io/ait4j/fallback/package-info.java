/**
 * An unsupported subgraph on libtorch: {@link io.ait4j.fallback.TorchModule} interprets an {@link
 * io.ait4j.fx.FxGraph} through libtorch's boxed dispatcher, with tensors that share memory with the
 * compiled partitions in both directions.
 *
 * <p>A graph becomes a list of steps over numbered slots once, when the module is made: operators
 * are looked up, constant arguments converted, and the last use of every value found. A run fills
 * the slots of the inputs, takes the steps, and drops each value after its last use. The slots are
 * one native vector, so that a step allocates nothing on the Java side.
 *
 * <p>{@link io.ait4j.fallback.ScriptModule} is libtorch's own interpreter, for comparison.
 *
 * <p>{@link io.ait4j.fallback.TorchTensors} passes tensors between libtorch and whoever runs a
 * model.
 *
 * <p>libtorch is loaded by the first {@link io.ait4j.fallback.TorchModule}, {@link
 * io.ait4j.fallback.ScriptModule} or {@link io.ait4j.fallback.TorchTensors}, and by nothing else
 * here.
 */
package io.ait4j.fallback;
