/**
 * Reads ONNX models ({@link io.ait4j.fx.onnx.OnnxReader}) as {@code torch.onnx.export} writes them,
 * without libtorch.
 *
 * <p>{@code OnnxFile} maps and parses the file, {@code OnnxTensors} finds its tensors' data, {@code
 * ModelInputs} settles the inputs' types, {@code GraphImport} goes through the nodes in order. What
 * an operator means is one entry in {@code OperatorTable}: a mapping to ATen operators in one of
 * the {@code ...Operators} files. Integers that describe shapes never become tensors: {@code
 * Folding} evaluates them at import, over {@link io.ait4j.fx.Dim}s where sizes are symbols.
 */
package io.ait4j.fx.onnx;
