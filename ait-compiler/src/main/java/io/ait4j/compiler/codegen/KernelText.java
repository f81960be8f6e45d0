package io.ait4j.compiler.codegen;

import io.ait4j.fx.Dim;
import java.util.List;

/**
 * A kernel's C++ function with {@code @} where its name belongs, so that equal kernels are printed
 * once.
 *
 * @param text the function, and what it needs before it
 * @param signature its parameters, as between the parentheses
 * @param arguments buffers in the order of the parameters
 * @param numbers sizes and strides, after the buffers
 */
public record KernelText(
    String text, String signature, List<String> arguments, List<Dim> numbers) {}
