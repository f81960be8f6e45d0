/**
 * Composite operators in terms of the core set: {@link io.ait4j.fx.decompose.Decompositions} is the
 * table, one class per family holds the entries.
 */
package io.ait4j.fx.decompose;
