/** Models that are served: their worker processes, tensors in shared memory, queues and batches. */
package io.ait4j.web.infer;
