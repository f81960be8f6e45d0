/**
 * What a conversion is, and how one runs in a process of its own.
 *
 * <p>A model is not trusted: {@code __setstate__} code of TorchScript runs in libtorch while it is
 * loaded, and whoever finds a hole in libtorch or in a compiler runs what they like. So all of it
 * happens in a {@link io.ait4j.web.process.WorkerProcess}, which reads the files of its task and
 * writes to its folder and to the cache of compiled libraries of one owner; and what comes out of
 * it is taken as data: bounded lines, paths of the server's own making, no links. An {@code .aitm}
 * file holds code, so it runs in a worker process too.
 *
 * <p>The cache is what a worker leaves to later ones. What lies there is loaded as code, and nobody
 * can tell a spoilt library from a good one, so owners do not share it ({@link OwnerCaches}); a
 * hostile model can spoil what its owner converts later, and nobody else's.
 */
package io.ait4j.web.convert;
