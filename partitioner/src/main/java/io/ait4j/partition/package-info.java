/**
 * Which nodes of a graph the compiler takes, and how they group.
 *
 * <p>{@link io.ait4j.partition.Partitioner} asks an {@link io.ait4j.fx.OperatorSupport} about every
 * node and yields a {@link io.ait4j.partition.PartitionPlan}: an ordered list of partitions and,
 * for every node, where it went and why.
 *
 * <p>How it groups: nodes that compute something are dealt into phases that alternate between the
 * compiler and the fallback, each node into the earliest phase that its inputs and its kind allow.
 * A phase is a partition. Dependencies only point to earlier phases, so no path leaves a partition
 * and comes back, and no other dealing needs fewer phases. A node that only feeds a later phase
 * then moves there if fewer bytes cross.
 *
 * <p>Views and constructors of constants have no place of their own: every partition that reads one
 * repeats it, so what crosses a border is always the base of an alias group and never a view of it.
 * Views cost nothing on either side (an index map here, a libtorch view there), and so no border
 * needs a copy.
 */
package io.ait4j.partition;
