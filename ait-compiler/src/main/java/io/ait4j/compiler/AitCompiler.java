package io.ait4j.compiler;

import io.ait4j.compiler.build.BoundData;
import io.ait4j.compiler.build.BuildProgress;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.LibraryBuilder;
import io.ait4j.compiler.build.Sources;
import io.ait4j.compiler.codegen.ModelTables;
import io.ait4j.compiler.codegen.cpu.ModelPrinter;
import io.ait4j.compiler.codegen.cuda.CudaKernels;
import io.ait4j.compiler.codegen.cuda.CudaModelPrinter;
import io.ait4j.compiler.convert.Converters;
import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Expr;
import io.ait4j.compiler.ir.FunctionKernel;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.PackKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.TemplateKernel;
import io.ait4j.compiler.pass.Pipeline;
import io.ait4j.compiler.pass.Schedule;
import io.ait4j.compiler.select.KernelChoice;
import io.ait4j.compiler.select.KernelSelection;
import io.ait4j.compiler.select.Selections;
import io.ait4j.fx.FxGraph;
import io.ait4j.fx.ModelException;
import io.ait4j.fx.OperatorSupport;
import io.ait4j.fx.Weight;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compiles a partition: convert, optimise, print, build, fold. Safe for use from several threads;
 * holds nothing between calls.
 */
public final class AitCompiler {
  private final CompilerSettings settings;
  private final Converters converters;

  public AitCompiler(CompilerSettings settings) {
    this.settings = settings;
    converters = new Converters(settings.target());
  }

  /**
   * Whether a node can be compiled: the answer of its converter, run with the node's real
   * arguments.
   */
  public OperatorSupport support() {
    return converters;
  }

  /**
   * The program after every pass, by the pass's name, without building anything: for tests and
   * {@code inspect}.
   */
  public void trace(FxGraph graph, BiConsumer<String, Program> observer) {
    Pipeline.run(
        converters.convert(graph).program(),
        settings.target(),
        settings.precision(),
        settings.withoutPasses(),
        observer);
  }

  /** What would become of a partition, without building anything. */
  public CompileReport plan(FxGraph graph) {
    Program converted = converters.convert(graph).program();
    Schedule schedule = schedule(converted);
    KernelSelection expected = expected(schedule);
    return report(converted, schedule, graph, expected.choices(), Map.of());
  }

  /** The kernels that are taken if none is timed. */
  private KernelSelection expected(Schedule schedule) {
    return settings.target() instanceof CudaTarget cuda
        ? Selections.byCost(schedule, cuda)
        : KernelSelection.NONE;
  }

  /**
   * The passes that may be left out, in their order: results are the same without them, save
   * rounding.
   */
  public static Set<String> passes() {
    return Pipeline.optional();
  }

  private Schedule schedule(Program converted) {
    return Pipeline.run(
        converted,
        settings.target(),
        settings.precision(),
        settings.withoutPasses(),
        (pass, program) -> {});
  }

  private Sources print(Schedule schedule, KernelSelection selection) {
    return switch (settings.target()) {
      case CpuTarget cpu -> ModelPrinter.print(schedule);
      case CudaTarget cuda ->
          CudaModelPrinter.print(schedule, CudaKernels.print(schedule, cuda, selection.texts()));
    };
  }

  /** The generated C++ of a partition, without building it. */
  public String source(FxGraph graph) {
    Schedule schedule = schedule(converters.convert(graph).program());
    StringBuilder text = new StringBuilder();
    Sources sources = print(schedule, expected(schedule));
    for (Map<String, String> files : List.of(sources.host(), sources.device())) {
      files.forEach((file, source) -> text.append("// ").append(file).append('\n').append(source));
    }
    return text.toString();
  }

  /** Compiles {@code graph}, without saying how far it is. */
  public CompiledPartition compile(FxGraph graph, SegmentAllocator memory) {
    return compile(graph, memory, BuildProgress.NONE);
  }

  /**
   * Compiles {@code graph}.
   *
   * @param memory gets the folded constants
   * @param progress hears how many of the library's source files are compiled
   * @throws io.ait4j.fx.ModelException of kind COMPILE naming what cannot be compiled, or the C++
   *     compiler's complaint
   */
  public CompiledPartition compile(FxGraph graph, SegmentAllocator memory, BuildProgress progress) {
    Converters.Converted converted = converters.convert(graph);
    Schedule schedule = schedule(converted.program());
    LibraryBuilder builder = LibraryBuilder.of(settings);
    Folding folding =
        new Folding(
            library ->
                AitModule.fold(
                    library, weights(graph, converted, schedule), memory, lastUses(schedule)::get));
    KernelSelection selection =
        settings.target() instanceof CudaTarget cuda
            ? Selections.select(schedule, cuda, settings, builder, folding::of)
            : KernelSelection.NONE;
    Sources printed = print(schedule, selection);
    Path library = builder.build(printed, progress);
    List<Constant> constants = folding.of(library);
    Map<String, String> sources = new HashMap<>();
    converted.weights().forEach((value, buffer) -> sources.put(buffer, value));
    return new CompiledPartition(
        library,
        constants,
        raw(weights(graph, converted, schedule), constants),
        sources,
        builder.record(printed, library),
        report(converted.program(), schedule, graph, selection.choices(), printed.functions()));
  }

  /**
   * Writes a partition's library with its constants inside.
   *
   * @param build what {@link CompiledPartition#build} said of the library that the constants were
   *     made for: another would read them wrongly
   * @param inputs what to call the inputs, in order
   * @param outputs likewise
   * @param out appears whole or not at all
   * @throws ModelException (COMPILE) if it would not be that library; as {@link #compile}; (IMPORT)
   *     if a constant is missing or not the library's; (IO) if it cannot be written
   */
  public void export(
      FxGraph graph,
      String build,
      StoredConstants stored,
      List<String> inputs,
      List<String> outputs,
      Path out) {
    Schedule schedule = schedule(converters.convert(graph).program());
    LibraryBuilder builder = LibraryBuilder.of(settings);
    KernelSelection selection =
        settings.target() instanceof CudaTarget cuda
            ? Selections.select(schedule, cuda, settings, builder, lib -> stored.constants())
            : KernelSelection.NONE;
    Sources sources = print(schedule, selection);
    if (!builder.key(sources).equals(build)) {
      throw new ModelException(
          ModelException.Kind.COMPILE,
          stored.file()
              + " was compiled by another ait4j, by another C++ compiler or for another processor"
              + " than this machine's; recompile or convert it here first");
    }
    List<BoundData.Bytes> table = stored.table(schedule);
    builder.buildWhole(sources, new BoundData(stored.file(), table, inputs, outputs), out);
  }

  /** The weights that are not among what runs read. */
  private static List<Constant> raw(List<Constant> weights, List<Constant> read) {
    Set<String> kept = new HashSet<>();
    read.forEach(constant -> kept.add(constant.name()));
    return weights.stream().filter(weight -> !kept.contains(weight.name())).toList();
  }

  /** Constants are computed once, by whichever library of the program is the first. */
  private static final class Folding {
    private final Function<Path, List<Constant>> fold;
    private List<Constant> constants;

    Folding(Function<Path, List<Constant>> fold) {
      this.fold = fold;
    }

    List<Constant> of(Path library) {
      if (constants == null) {
        constants = fold.apply(library);
      }
      return constants;
    }
  }

  /** For each step of folding, the constants that no later one uses. */
  private static Map<Long, List<String>> lastUses(Schedule schedule) {
    Map<String, Kernel> kernels = new HashMap<>();
    schedule.program().kernels().forEach(kernel -> kernels.put(kernel.name(), kernel));
    Set<String> used = new HashSet<>();
    Map<Long, List<String>> last = new HashMap<>();
    for (int step = schedule.fold().size() - 1; step >= 0; step--) {
      last.put(
          (long) step,
          kernels.get(schedule.fold().get(step)).buffers().stream()
              .filter(name -> schedule.program().buffer(name).isConstant() && used.add(name))
              .toList());
    }
    return last;
  }

  private static List<Constant> weights(
      FxGraph graph, Converters.Converted converted, Schedule schedule) {
    Map<String, Weight> weightOf = new HashMap<>();
    converted
        .weights()
        .forEach((value, buffer) -> weightOf.put(buffer, graph.weights().get(value)));
    List<Constant> constants = new ArrayList<>();
    for (Buffer buffer : ModelTables.constants(schedule)) {
      if (buffer.role() == Buffer.Role.WEIGHT) {
        long bytes = ModelTables.bytes(buffer);
        long[] shape = {
          bytes / buffer.dtype().bytes()
        }; // as it lies in memory, whatever its strides
        constants.add(
            new Constant(
                buffer.name(),
                buffer.dtype(),
                shape,
                weightOf.get(buffer.name()).data().asSlice(0, bytes)));
      }
    }
    return constants;
  }

  /** Conversions of layout and other movements that no neighbour could take over. */
  private static boolean onlyMoves(LoopKernel loop) {
    return loop.stages().stream()
        .allMatch(s -> s.body() instanceof Expr.Load load && load.bindings().isEmpty());
  }

  private static Map<String, Long> sumBytes(Schedule schedule, Map<String, Long> sizes) {
    return schedule.runArena().places().keySet().stream()
        .collect(
            Collectors.groupingBy(
                name -> schedule.program().buffer(name).dtype().torchName(),
                Collectors.collectingAndThen(
                    Collectors.toList(), names -> schedule.runArena().sumBytes(names, sizes))));
  }

  private static CompileReport report(
      Program converted,
      Schedule schedule,
      FxGraph graph,
      Map<String, KernelChoice> choices,
      Map<String, String> functions) {
    List<CompileReport.KernelReport> kernels = new ArrayList<>();
    for (Kernel kernel : schedule.program().kernels()) {
      if (schedule.run().contains(kernel.name())) {
        String kind =
            switch (kernel) {
              case LoopKernel loop -> onlyMoves(loop) ? "copy" : "loop";
              case PackKernel pack -> "pack";
              case FunctionKernel function -> function.function();
              case TemplateKernel template ->
                  template.template().getClass().getSimpleName().toLowerCase(Locale.ROOT);
            };
        kernels.add(
            new CompileReport.KernelReport(
                kernel.name(),
                kind,
                kernel.origins(),
                choices.get(kernel.name()),
                functions.getOrDefault(kernel.name(), "")));
      }
    }
    Map<String, Long> sizes = schedule.largest();
    return new CompileReport(
        converted.kernels().size(),
        kernels,
        schedule.fold().size(),
        schedule.runArena().bytes(sizes),
        sumBytes(schedule, sizes),
        schedule.liveBytes(sizes),
        BorderCopies.bytes(schedule, graph));
  }
}
