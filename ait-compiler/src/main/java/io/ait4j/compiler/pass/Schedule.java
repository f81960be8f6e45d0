package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Program;
import java.util.List;
import java.util.Map;

/**
 * A program ready to be printed.
 *
 * @param program buffers and kernels, all passes done
 * @param fold names of the kernels that run once, when the library is built
 * @param run names of the kernels of each run
 * @param offsets bytes from the start of the arena, for each buffer in it; folding and running have
 *     arenas of their own
 */
public record Schedule(
    Program program,
    List<String> fold,
    List<String> run,
    Map<String, Long> offsets,
    long foldArenaBytes,
    long runArenaBytes,
    long liveBytes) {}
