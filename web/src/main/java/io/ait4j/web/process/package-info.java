/**
 * Worker processes: Java processes of ours with limits, which hold what others uploaded.
 *
 * <p>A worker starts as {@link io.ait4j.web.process.ConfinedStart}, which gives up for good what
 * the work does not need and then becomes the Java process that does it:
 *
 * <ul>
 *   <li>files, by Landlock: it reads the system's libraries, the class path and what the {@link
 *       io.ait4j.web.process.WorkerProgram} names, and writes to its folder; other processes can be
 *       neither signalled nor traced nor their command lines read,
 *   <li>system calls, by seccomp: no sockets (with a GPU none that lead anywhere), no io_uring, no
 *       way out of its session; where it starts no programs, no processes at all,
 *   <li>root's powers, if it had any, and new privileges by any file,
 *   <li>memory and file sizes, by resource limits of each process.
 * </ul>
 *
 * <p>The server besides looks at the memory of all of a worker's processes together, its folder and
 * its time ({@link io.ait4j.web.process.WorkerLimits}), and kills the whole session; a worker whose
 * server is gone kills itself. A kernel without Landlock (before 5.13, or with it off) leaves a
 * worker the files of the server's user, an older one (before 6.12) also signals.
 */
package io.ait4j.web.process;
