/**
 * NVIDIA GPUs as the CUDA driver shows them: {@link io.ait4j.fx.cuda.CudaDevice devices}, {@link
 * io.ait4j.fx.cuda.CudaStream streams} with memory in their order, {@link
 * io.ait4j.fx.cuda.CudaEvent events}, and {@link io.ait4j.fx.cuda.DeviceTensors tensors}.
 *
 * <p>It binds the driver's own library, {@code libcuda.so.1}, which is wherever a GPU can be used
 * at all. JavaCPP's CUDA presets bind the runtime library instead, which has to be installed or
 * downloaded besides, for the same functions. Contexts are the primary ones, which the CUDA runtime
 * inside compiled libraries and libtorch use too, so that all share memory and streams.
 *
 * <p>Nothing is loaded before the first call that needs a GPU.
 */
package io.ait4j.fx.cuda;
