/**
 * Whether a lowered model computes what PyTorch computed: recorded inputs and outputs, compared by
 * one rule ({@link io.ait4j.lower.verify.Comparison}).
 */
package io.ait4j.lower.verify;
