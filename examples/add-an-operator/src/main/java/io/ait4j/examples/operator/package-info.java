/** A jar from outside that adds operators to ait4j, to copy. */
package io.ait4j.examples.operator;
