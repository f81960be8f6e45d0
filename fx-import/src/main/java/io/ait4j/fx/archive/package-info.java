/**
 * Files as PyTorch writes them, read in Java alone and without trust: ZIP archives ({@link
 * io.ait4j.fx.archive.ZipArchive}), pickles and the tensors that they name. Nothing in a file is
 * executed, every range is checked, and tensors stay in the mapped file.
 */
package io.ait4j.fx.archive;
