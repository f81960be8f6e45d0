/**
 * Requests of every kind on many threads for as long as one likes: results must stay the same to
 * the bit, and the process as large as it was ({@link io.ait4j.examples.soak.Soak}).
 */
package io.ait4j.examples.soak;
