/**
 * The HTTP service over {@code io.ait4j.lower}: a model is uploaded, converted in the background
 * and served by the Open Inference Protocol. Nothing stands here yet; the command line is the way
 * in until it does.
 */
package io.ait4j.web;
