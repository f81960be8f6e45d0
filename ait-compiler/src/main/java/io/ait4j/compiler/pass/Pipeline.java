package io.ait4j.compiler.pass;

import io.ait4j.compiler.Precision;
import io.ait4j.compiler.build.CpuTarget;
import io.ait4j.compiler.build.CudaTarget;
import io.ait4j.compiler.build.Target;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Verifier;
import io.ait4j.fx.DType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The compiler's way from converted program to schedule: one line a pass. */
public final class Pipeline {
  /** What layouts and packing need, or what only tidies up, is never left out. */
  private static final Set<String> NEEDED =
      Set.of(
          "remove folded views",
          "remove dead code",
          "assign layouts",
          "pack constants",
          "lay out weights");

  /** A run of a pass. */
  record Step(String name, Pass pass) {
    /** The name of the pass, of which this may be a second run. */
    String passName() {
      return name.replaceFirst(" (again|once more)$", "");
    }

    Program run(Program program) {
      Program after = pass.run(program);
      verify(name, after);
      return after;
    }
  }

  private static final List<Step> STEPS =
      List.of(
          new Step(
              "mark constants",
              new MarkConstants()), // what weights alone decide is computed at build time
          new Step(
              "fold views",
              new FoldViews()), // reshapes, permutes, slices become index maps of their readers
          new Step("recognise rolls", new RecogniseRolls()), // cut and joined anew: a view
          new Step("fold views once more", new FoldViews()),
          new Step("remove folded views", new RemoveDeadCode()),
          new Step(
              "share concatenations",
              new ShareConcatenations()), // dense blocks: each part is stored once
          new Step(
              "fuse epilogues",
              new FuseConsumers()), // bias, norm, activation, residual go into the product's store
          new Step(
              "fuse pointwise",
              new FuseProducers()), // chains become one loop where that is cheaper than memory
          new Step(
              "write in place",
              new WriteInPlace()), // concatenations and outputs are written by their producers
          new Step("fold views again", new FoldViews()), // what fusion left as a plain copy
          new Step(
              "read parts", new ReadParts()), // rotary embedding: halves joined to be read once
          new Step("remove folded views again", new RemoveDeadCode()),
          new Step(
              "fuse epilogues again",
              new FuseConsumers()), // what became a single reader through fusion
          new Step(
              "fuse rows",
              new FuseRows()), // softmax and norms: one kernel that takes each row through all
          // stages
          new Step(
              "recognise attention",
              new RecogniseAttention()), // product, softmax, product: the scores never exist
          new Step("group heads", new GroupHeads()), // repeated keys and values are read in place
          new Step(
              "recognise masks",
              new RecogniseMasks()), // what sizes alone decide: causal, or nothing hidden
          new Step("merge products", new MergeProducts()), // queries, keys and values: one product
          new Step("recognise activations", new RecogniseActivations()), // GELU, SiLU written out
          new Step("remove dead code", new RemoveDeadCode()),
          new Step("assign layouts", new AssignLayouts()), // images channels-last
          new Step("split rows", new SplitRows())); // where rows do not run along that layout

  private static List<Step> forCpus(Precision precision) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("choose algorithms", new ChooseAlgorithms())); // Winograd's where it pays
    steps.add(new Step("fold scales", new FoldScales())); // batch norm into weights
    if (precision != Precision.FP32) {
      steps.add(new Step("store halves", new StoreHalves(precision.storage(), false)));
    }
    steps.add( // weights into the micro-kernel's order
        new Step("pack constants", new PackConstants(precision.storage())));
    steps.add(new Step("fold constant chains", new FuseProducers())); // what the packing reads
    steps.add(new Step("remove dead code again", new RemoveDeadCode()));
    return steps;
  }

  private static List<Step> forGpus(Precision precision) {
    List<Step> steps = new ArrayList<>();
    if (precision.storage() == DType.FLOAT32) {
      steps.add(new Step("fold scales", new FoldScales())); // batch norm into weights
    } else { // weights without the scales have fewer digits to lose
      steps.add(new Step("rearrange stems", new RearrangeStems())); // for tensor cores
      steps.add(new Step("store halves", new StoreHalves(precision.storage(), true)));
      steps.add( // images of halves that lie channels-last
          new Step("read inputs in place", new ReadInputsInPlace()));
    }
    steps.add( // into the order that tiles are read in
        new Step("lay out weights", new LayOutWeights(precision.storage())));
    steps.add(new Step("fold constant chains", new FuseProducers())); // what that reads
    steps.add(new Step("remove dead code again", new RemoveDeadCode()));
    steps.add(new Step("spill rows", new SpillRows())); // what shared memory is too small for
    steps.add(new Step("split reductions", new SplitReductions())); // for processors to share
    if (precision == Precision.TF32) {
      steps.add(new Step("round operands", new RoundOperands())); // for tensor cores
    }
    return steps;
  }

  private Pipeline() {}

  /** The passes that may be left out, in their order: results are the same without them. */
  public static Set<String> optional() {
    return Stream.of(STEPS, forCpus(Precision.FP32))
        .flatMap(List::stream)
        .map(Step::passName)
        .filter(name -> !NEEDED.contains(name))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Runs all passes; {@code observer} sees the program after each, by the pass's name.
   *
   * @throws IllegalStateException naming the pass, the kernel and the rule if a pass leaves an
   *     illegal program
   */
  public static Schedule run(Program converted, BiConsumer<String, Program> observer) {
    return run(converted, CpuTarget.NATIVE, Precision.FP32, Set.of(), observer);
  }

  /** Runs all passes for a target but {@code without}, which are some of {@link #optional}. */
  public static Schedule run(
      Program converted,
      Target target,
      Precision precision,
      Set<String> without,
      BiConsumer<String, Program> observer) {
    Program program = converted;
    verify("converted", program);
    observer.accept("converted", program);
    for (Step step : steps(target, precision)) {
      if (without.contains(step.passName())) {
        continue;
      }
      program = step.run(program);
      observer.accept(step.name(), program);
    }
    return PlanMemory.plan(program);
  }

  private static List<Step> steps(Target target, Precision precision) {
    List<Step> steps = new ArrayList<>(STEPS);
    steps.addAll(
        switch (target) {
          case CpuTarget cpu -> forCpus(precision);
          case CudaTarget cuda -> forGpus(precision);
        });
    return steps;
  }

  /** A defect of a pass must not become a wrong number; this costs a tenth of what passes do. */
  private static void verify(String pass, Program program) {
    try {
      Verifier.verify(program);
    } catch (IllegalStateException e) {
      throw new IllegalStateException("after '%s': %s".formatted(pass, e.getMessage()), e);
    }
  }
}
