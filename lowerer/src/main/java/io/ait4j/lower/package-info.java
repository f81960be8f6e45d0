/**
 * The stitched module: {@link io.ait4j.lower.AitLowerer} splits and compiles a graph and writes it
 * as one {@code .aitm} file; {@link io.ait4j.lower.LoweredModule} loads such a file and runs it.
 * Sizes that are symbols are bound to each run's inputs; buffers that the model writes are kept by
 * a {@link io.ait4j.lower.Session}.
 *
 * <p>An {@code .aitm} file is a ZIP64 archive of stored, page-aligned entries that is mapped, never
 * read: {@code manifest.pb} says how the parts are stitched, {@code lib/*.so} hold code only,
 * {@code constants/*} are passed by pointer to libraries and to libtorch alike, {@code fallback/*}
 * are the graphs libtorch runs, {@code stitched.pb} is the graph of the partitions, which types
 * what crosses their borders and says what inputs, outputs and state are, {@code report.json} tells
 * each operator's fate, and {@code graph.pb} is the source graph, of which recompiling and
 * exporting begin. A second target's parts lie in a folder of its name; all share {@code graph.pb}
 * and the constants. The file appears whole, by atomic rename, or not at all; equal inputs give
 * equal bytes.
 *
 * <p>The manifest has a hash of every other entry, in chunks of 4 MiB. Each load checks the
 * manifest (by its CRC) and every entry that it reads, code too; constants and the source graph
 * only where the cache folder does not know that this file was checked since it was last written
 * to. What a target needs of a machine stands in the manifest, so that {@code Machine} chooses, or
 * says what is missing, before anything is loaded.
 *
 * <p>A module for GPUs runs in the order of one stream, the caller's or one of its own: a value is
 * brought to the device when a partition first reads it there, what partitions make stays there,
 * and results come back only if the caller wants them on the host. Nothing waits between
 * partitions.
 *
 * <p>A {@code Runner} runs the partitions; where results go is a {@code Destination}'s to say: into
 * an arena, into tensors of the caller's, or to owners that hand them on to another library. What
 * has to be copied into the caller's memory is copied last, as {@code Transfer}s.
 *
 * <p>libtorch is touched only when a fallback partition is loaded.
 */
package io.ait4j.lower;
