package io.ait4j.compiler.select;

import io.ait4j.compiler.codegen.cuda.Candidate;
import io.ait4j.compiler.codegen.cuda.CudaKernelText;

/**
 * A kernel that is to be timed.
 *
 * @param kernel the name of one that computes this problem
 * @param candidate how it is to be computed
 * @param text the kernel computed so
 * @param key what the time is remembered by
 */
record Trial(String kernel, Candidate candidate, CudaKernelText text, String key) {}
