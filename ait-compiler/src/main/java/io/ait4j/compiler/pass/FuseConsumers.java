package io.ait4j.compiler.pass;

import io.ait4j.compiler.ir.Buffer;
import io.ait4j.compiler.ir.Indices;
import io.ait4j.compiler.ir.Kernel;
import io.ait4j.compiler.ir.LoopKernel;
import io.ait4j.compiler.ir.Program;
import io.ait4j.compiler.ir.Stage;
import io.ait4j.compiler.ir.TemplateKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Vertical fusion of epilogues: what is done with a sum is done before it is stored. The producer
 * is a template kernel, a reduction, or a loop whose axes split a dimension, which its readers
 * would have to repeat by division; its only reader is a pointwise loop, a view included.
 */
final class FuseConsumers implements Pass {
  @Override
  public Program run(Program program) {
    Program current = program;
    Uses uses = Uses.of(current);
    for (int i = current.kernels().size() - 1; i >= 0; i--) {
      Kernel producer = current.kernels().get(i);
      Optional<LoopKernel> consumer = consumer(current, uses, producer);
      if (consumer.isPresent()) {
        Optional<Program> fused = fuse(current, producer, consumer.get());
        if (fused.isPresent()) {
          i = current.kernels().indexOf(consumer.get()); // the fused one is next: it may go on
          current = fused.get();
          uses = Uses.of(current);
        }
      }
    }
    return current;
  }

  /** Who reads and who writes each buffer. */
  private record Uses(Map<String, List<Kernel>> readers, Map<String, List<Kernel>> writers) {
    static Uses of(Program program) {
      return new Uses(program.readers(), program.writers());
    }
  }

  /** The only reader of what {@code producer} stores, if the two may be able to fuse. */
  private static Optional<LoopKernel> consumer(Program program, Uses uses, Kernel producer) {
    Stage stage = lastStage(producer);
    if (stage == null || uses.writers.get(stage.target()).size() > 1) {
      return Optional.empty();
    }
    Buffer intermediate = program.buffer(stage.target());
    List<Kernel> readers = uses.readers.getOrDefault(intermediate.name(), List.of());
    if (intermediate.role() == Buffer.Role.OUTPUT
        || readers.size() != 1
        || !(readers.getFirst() instanceof LoopKernel consumer)
        || consumer.stages().size() != 1) {
      return Optional.empty();
    }
    boolean folds = intermediate.role() == Buffer.Role.FOLDED;
    return folds == program.buffer(consumer.stage().target()).isConstant()
        ? Optional.of(consumer)
        : Optional.empty();
  }

  private static Optional<Program> fuse(Program program, Kernel producer, LoopKernel consumer) {
    Stage stage = lastStage(producer);
    return Fusion.push(stage, consumer.stage(), program.buffer(stage.target()).shape())
        .filter(s -> !touches(consumer, producer))
        .map(pushed -> replace(program, producer, consumer, pushed));
  }

  /**
   * Whether the consumer writes what the producer reads, or the two would be a template that reads
   * another part of what it writes.
   */
  private static boolean touches(LoopKernel consumer, Kernel producer) {
    String target = consumer.stage().target();
    return producer.reads().contains(target)
        || producer instanceof TemplateKernel
            && consumer.stage().body().loads().stream().anyMatch(l -> l.buffer().equals(target));
  }

  private static Stage lastStage(Kernel kernel) {
    return switch (kernel) {
      case TemplateKernel template -> template.epilogue();
      case LoopKernel loop
          when loop.stages().size() == 1
              && (loop.stage().body().hasReduce()
                  || !Indices.isIdentity(loop.stage().axes(), loop.stage().index())) ->
          loop.stage();
      case Kernel other -> null;
    };
  }

  private static Program replace(
      Program program, Kernel producer, LoopKernel consumer, Stage pushed) {
    List<String> origins = new ArrayList<>(producer.origins());
    consumer.origins().stream().filter(o -> !origins.contains(o)).forEach(origins::add);
    Kernel fused =
        switch (producer) {
          case TemplateKernel template -> template.withEpilogue(pushed, origins);
          case LoopKernel loop ->
              new LoopKernel(loop.name(), loop.outer(), List.of(pushed), origins);
          case Kernel other -> throw new IllegalStateException("not a producer: " + other.name());
        };
    List<Kernel> kernels = new ArrayList<>();
    for (Kernel kernel : program.kernels()) {
      if (kernel == consumer) {
        kernels.add(fused);
      } else if (kernel != producer) {
        kernels.add(kernel);
      }
    }
    return program.withKernels(kernels);
  }
}
