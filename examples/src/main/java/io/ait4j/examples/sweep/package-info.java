/**
 * Times single kernels on a GPU beside cuBLAS and cuDNN: {@link
 * io.ait4j.examples.sweep.KernelSweep} is the program.
 */
package io.ait4j.examples.sweep;
