/** Programs to copy: {@link io.ait4j.examples.ConvertAndRun} converts a model and runs it. */
package io.ait4j.examples;
