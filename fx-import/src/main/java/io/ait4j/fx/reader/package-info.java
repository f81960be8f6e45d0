/**
 * The way in: a model file of any format that is read becomes an {@link io.ait4j.fx.ImportedModel}.
 * {@link io.ait4j.fx.reader.ModelFormat} tells formats by their content, never by a file's name,
 * and says what a file is that is often taken for a model; {@link io.ait4j.fx.reader.ModelReader}
 * calls the format's reader. Only TorchScript needs libtorch.
 */
package io.ait4j.fx.reader;
