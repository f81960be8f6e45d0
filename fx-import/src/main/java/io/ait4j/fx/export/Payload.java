package io.ait4j.fx.export;

/**
 * Where a weight is, the file's {@code PayloadMeta}.
 *
 * @param entry the archive's entry that holds its storage
 * @param pickled whether the entry is a pickle and not the storage's bytes
 * @param type null where the file gives none
 */
record Payload(String entry, boolean pickled, TensorType type) {}
