/**
 * The HTTP service over {@code io.ait4j.lower}: a model is uploaded, converted in a process of its
 * own and served by the Open Inference Protocol. Its rooms: {@code http} (the API, the page, who
 * may do what) over {@code access} (keys, the audit log) and {@code jobs} (the queue), which are
 * tables of the {@code database}; {@code store} (files), {@code convert} and {@code infer} (worker
 * processes of either kind) and {@code process} (what both kinds are made of). This package puts
 * them together.
 */
package io.ait4j.web;
