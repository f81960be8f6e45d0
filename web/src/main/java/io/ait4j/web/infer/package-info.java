/**
 * Models that are served: their worker processes, tensors in shared memory, queues and batches.
 *
 * <p>How a request goes: {@link io.ait4j.web.infer.ServedModels} finds its model, or loads it into
 * a {@code ModelWorker}, a process that is confined and started by package {@code process} → {@link
 * io.ait4j.web.infer.InferenceRequest} gives out places in a {@code SharedArea}, into which its
 * inputs are written as they come in → {@code RequestQueue} lets it wait, refuses it when too many
 * do, and puts rows of several requests together while the worker is busy → {@code Messages} tell
 * the worker where the inputs are, over its pipes → {@code WorkerModule}, in that process, runs
 * them in place and says where the outputs are → {@code Answers} checks that, as a worker may be in
 * a hostile model's hands → {@link io.ait4j.web.infer.InferenceResult} is read from the shared
 * memory, and its place is given back.
 *
 * <p>Requests share a run only where a {@code RowProbe} has shown that rows do not see each other.
 * State that a model keeps in a session begins anew with each request. A worker that dies fails the
 * requests in it, not those that wait; one that finishes nothing for as long as a request may take
 * is killed. Memory of both sides is bounded: as many requests as may wait, areas of fixed size,
 * and the {@code MemoryBudget} of all models.
 */
package io.ait4j.web.infer;
